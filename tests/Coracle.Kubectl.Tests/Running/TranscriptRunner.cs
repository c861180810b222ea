using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Coracle.Kubectl.Tests;

/// <summary>Holds a transcript's conversation against a cluster, in a namespace of its own, and fails with all answers that differ.</summary>
internal sealed class TranscriptRunner : IAsyncDisposable
{
    private static readonly TimeSpan PatienceAfterFailure = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    private readonly Transcript _transcript;
    private readonly string _directory = Directory.CreateTempSubdirectory("coracle-transcript-").FullName;
    private readonly Shell _shell;
    private readonly Dictionary<string, string> _known = new(StringComparer.Ordinal);
    private readonly StringBuilder _differences = new();
    private TimeSpan _patience = TimeSpan.FromSeconds(30);
    private RunningCommand? _background;
    private int _consumed;

    private TranscriptRunner(Transcript transcript, string kubectl, string kubeconfig, string @namespace, IReadOnlyDictionary<string, string> values)
    {
        _transcript = transcript;
        var programs = Directory.CreateDirectory(Path.Combine(_directory, ".bin"));
        File.CreateSymbolicLink(Path.Combine(programs.FullName, "kubectl"), kubectl);
        var config = Path.Combine(_directory, ".kubeconfig");
        File.WriteAllText(config, File.ReadAllText(kubeconfig).Replace("    user: \"coracle\"", $"    user: \"coracle\"\n    namespace: \"{@namespace}\"", StringComparison.Ordinal));
        _known["namespace"] = @namespace;
        foreach (var (name, value) in values) _known[name] = value;
        _shell = new Shell(_directory, new Dictionary<string, string>
        {
            ["PATH"] = $"{programs.FullName}:{Environment.GetEnvironmentVariable("PATH")}",
            ["HOME"] = Path.GetDirectoryName(kubeconfig)!,
            ["KUBECONFIG"] = config,
            ["NAMESPACE"] = @namespace,
            ["KUBECTL_KUBERC"] = "false",
            ["LC_ALL"] = "C.UTF-8",
            ["TZ"] = "UTC",
        });
    }

    /// <summary>Skips the test where this machine has no such kubectl.</summary>
    public static async Task Run(Cluster cluster, string name, string version, CancellationToken cancel)
    {
        var kubectl = Kubectl.Find(version);
        Assert.SkipWhen(kubectl is null, $"no kubectl {version} is here (Debian package kubectl)");
        await cluster.Started();
        var transcript = Transcript.Open(name);
        var @namespace = version == transcript.Versions[^1] ? transcript.Name : $"{transcript.Name}-{version.Replace('.', '-')}";
        await using var runner = new TranscriptRunner(transcript, kubectl!, cluster.Kubeconfig, @namespace, cluster.Values);
        await runner.Converse(cancel);
    }

    private async Task Converse(CancellationToken cancel)
    {
        await _shell.Run("kubectl create namespace $NAMESPACE", cancel);
        foreach (var step in _transcript.Steps)
        {
            if (step.Kind == StepKind.File) WriteFile(step);
            else await Check(step, cancel);
        }
        await _shell.Run("kubectl delete namespace $NAMESPACE --wait=false", cancel);
        if (_differences.Length > 0) Assert.Fail(_differences.ToString());
    }

    private void WriteFile(Step step)
    {
        var path = Path.Combine(_directory, step.Text.Trim());
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, string.Join('\n', step.Lines) + "\n");
    }

    private async Task Check(Step step, CancellationToken cancel)
    {
        var command = Fill(step.Text);
        var actual = step.Kind switch
        {
            StepKind.Run => await Once(command, step, cancel),
            StepKind.Until => await Repeatedly(command, step, cancel),
            StepKind.Start => await Begin(command, step, cancel),
            StepKind.More => await Await(step, cancel),
            _ => await End(),
        };
        if (actual is null) return;
        _differences.Append(CultureInfo.InvariantCulture, $"{_transcript.Name}.txt:{step.Line}: $ {command}\n{Comparison.Difference(step.Lines, actual, _known)}");
        _patience = PatienceAfterFailure;
    }

    private string Fill(string command)
    {
        foreach (var (name, value) in _known)
        {
            command = command.Replace($"<{name}>", value, StringComparison.Ordinal);
            foreach (var kind in (ReadOnlySpan<string>)["hash", "any", "uid", "ip", "int", "node", "token"]) command = command.Replace($"<{kind}:{name}>", value, StringComparison.Ordinal);
        }
        return command;
    }

    // Each of these returns null when the answer was as expected, and else what it was.
    private async Task<IReadOnlyList<string>?> Once(string command, Step step, CancellationToken cancel)
    {
        var lines = await _shell.Run(command, cancel);
        return Comparison.Consumed(step.Lines, lines, _known) is null ? lines : null;
    }

    private async Task<IReadOnlyList<string>?> Repeatedly(string command, Step step, CancellationToken cancel)
    {
        var since = Stopwatch.StartNew();
        while (true)
        {
            var differs = await Once(command, step, cancel);
            if (differs is null || since.Elapsed > _patience) return differs;
            await Task.Delay(Pause, cancel);
        }
    }

    private Task<IReadOnlyList<string>?> Begin(string command, Step step, CancellationToken cancel)
    {
        if (_background is not null) throw new FormatException($"{_transcript.Name}.txt:{step.Line}: another command is in the background");
        (_background, _consumed) = (_shell.Start(command), 0);
        return Await(step, cancel);
    }

    private async Task<IReadOnlyList<string>?> Await(Step step, CancellationToken cancel)
    {
        var background = _background ?? throw new FormatException($"{_transcript.Name}.txt:{step.Line}: nothing is in the background");
        var since = Stopwatch.StartNew();
        while (true)
        {
            var printed = background.Printed;
            var lines = background.Lines.Skip(_consumed).ToList();
            if (Comparison.Consumed(step.Lines, lines, _known, prefix: true) is { } consumed)
            {
                _consumed += consumed;
                return null;
            }
            var left = _patience - since.Elapsed;
            if (left <= TimeSpan.Zero || background.Ended.IsCompleted && printed.IsCompleted) return lines;
            await Task.WhenAny(printed, Task.Delay(left, cancel));
        }
    }

    private async Task<IReadOnlyList<string>?> End()
    {
        if (_background is not null) await _background.DisposeAsync();
        _background = null;
        return null;
    }

    public async ValueTask DisposeAsync()
    {
        await End();
        Directory.Delete(_directory, recursive: true);
    }
}
