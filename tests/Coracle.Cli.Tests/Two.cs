using System.Text.RegularExpressions;

namespace Coracle.Cli.Tests;

/// <summary>Two namespaces in which the same happens.</summary>
internal sealed class Two(RunningCluster cluster, string name) : IAsyncDisposable
{
    public string Ours => name + "-a";
    private string Theirs => name + "-b";
    private readonly List<string> _differences = [];

    /// <summary>Nothing was different up to here.</summary>
    public void Done() => Assert.True(_differences.Count == 0, string.Join('\n', _differences));

    public static async Task<Two> Begin(RunningCluster cluster, string name)
    {
        var two = new Two(cluster, name);
        foreach (var ns in new[] { two.Ours, two.Theirs })
        {
            var made = await cluster.Coracle("apply", "-f", cluster.Write(ns + ".yaml", $"apiVersion: v1\nkind: Namespace\nmetadata: {{name: {ns}}}\n"));
            Assert.Equal(($"namespace/{ns} serverside-applied\n", 0), (made.Output, made.Code));
            while ((await cluster.Coracle("get", "cm", "kube-root-ca.crt", "-n", ns)).Code != 0) await Task.Delay(50);
        }
        return two;
    }

    public async Task Same(string command, string manager = "coracle", string input = "")
    {
        command = command.Replace("=coracle", "=" + manager, StringComparison.Ordinal);
        // '+' stands for a blank within an argument.
        var words = command.Split(' ').Select(word => word.Replace('+', ' ')).ToList();
        var dashes = words.IndexOf("--");
        var place = dashes < 0 ? words.Count : dashes;
        List<string> With(string ns, Func<string, bool> keep) => command.Contains(" -A", StringComparison.Ordinal) ? [.. words.Where(keep)] : [.. words[..place].Where(keep), "-n", ns, .. words[place..]];
        var theirs = await cluster.RunKubectl(With(Theirs, _ => true), input);
        var ours = await cluster.Coracle(With(Ours, word => word != "--server-side"), input);
        var (expected, actual) = (Plain(theirs, Theirs), Plain(ours, Ours));
        if (expected != actual) _differences.Add($"$ {command}\n{expected}instead:\n{actual}");
    }

    public async Task Wait(string command, string state)
    {
        foreach (var ns in new[] { Ours, Theirs })
            while (true)
            {
                var now = (await cluster.Coracle([.. command.Split(' '), "-n", ns])).Output;
                if (state.Length == 0 ? now.Length == 0 : now.Contains(state, StringComparison.Ordinal)) break;
                await Task.Delay(50);
            }
    }

    // Without what differs between any two runs.
    private static string Plain(Ended ended, string ns)
    {
        var text = $"{ended.Output}--- stderr\n{ended.Error}--- exit {ended.Code}\n".Replace(ns, "<ns>", StringComparison.Ordinal).Replace(Path.GetFileName(RunningCluster.Kubectl!), "kubectl", StringComparison.Ordinal);
        text = Regex.Replace(text, @"\b\d+(s|m|m\d+s)\b *", "<age>  ");
        text = Regex.Replace(text, @"web-[0-9a-z]{8,10}-[0-9a-z]{5}\b", "<pod>");
        text = Regex.Replace(text, @"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "<time>");
        text = Regex.Replace(text, @"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22,24}", "<uid>");
        return Regex.Replace(text, @"(resourceVersion""?: )""\d+""", "$1<version>");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var ns in new[] { Ours, Theirs }) await cluster.Coracle("delete", "ns", ns, "--wait=false");
    }
}

internal static class TestFiles
{
    /// <summary>Writes a file of this name and gives its path.</summary>
    public static string Write(this RunningCluster cluster, string name, string text)
    {
        var path = Path.Combine(cluster.Files, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }
}
