using System.Diagnostics;
using System.Text;

namespace Coracle.Node.Containerd;

/// <summary>
/// What CNI's portmap plugin leaves in iptables: a chain for each pod with host ports, named in a comment by network and pod (there
/// only after a kill, else the plugin removes it), and three chains that all share, which it never removes.
/// </summary>
internal static class HostPortRules
{
    private const string SharedPrefix = "CNI-HOSTPORT-";
    private const string SharedEntry = "CNI-HOSTPORT-DNAT";

    /// <summary>Removes those of a network, and the shared chains when no pod of any network is left in them.</summary>
    public static async Task Remove(string network, CancellationToken cancel)
    {
        foreach (var family in new[] { "iptables", "ip6tables" })
        {
            if (ContainerdProcess.Locate($"{family}-save") is not { } save || ContainerdProcess.Locate($"{family}-restore") is not { } restore)
                continue;
            var rules = await Run(save, ["-t", "nat"], "", cancel);
            if (RemovalScript(rules, network) is { } script)
                await Run(restore, ["--noflush", "-w"], script, cancel);
        }
    }

    /// <summary>For iptables-restore; null when there is nothing to remove.</summary>
    /// <param name="rules">What iptables-save printed of the table nat.</param>
    internal static string? RemovalScript(string rules, string network)
    {
        var lines = rules.Split('\n');
        var entries = lines.Where(line => line.StartsWith($"-A {SharedEntry} ", StringComparison.Ordinal)).ToArray();
        var ours = entries.Where(line => line.Contains($"name: \\\"{network}\\\"", StringComparison.Ordinal)).ToArray();
        var doomed = ours.Select(Target).ToList();
        var jumps = ours.ToList();
        if (ours.Length == entries.Length)
        {
            doomed.AddRange(lines.Where(line => line.StartsWith($":{SharedPrefix}", StringComparison.Ordinal)).Select(line => line[1..].Split(' ')[0]));
            jumps.AddRange(lines.Where(line => !line.StartsWith("-A CNI-", StringComparison.Ordinal) && Target(line).StartsWith(SharedPrefix, StringComparison.Ordinal)));
        }
        if (doomed.Count == 0)
            return null;
        var script = new StringBuilder("*nat\n");
        foreach (var jump in jumps)
            script.Append("-D").Append(jump.AsSpan(2)).Append('\n');
        foreach (var step in new[] { "-F", "-X" }) // all empty first: they refer to one another
        {
            foreach (var chain in doomed.Distinct())
                script.Append(step).Append(' ').Append(chain).Append('\n');
        }
        return script.Append("COMMIT\n").ToString();
    }

    /// <summary>The chain that a rule jumps to; empty for other lines.</summary>
    private static string Target(string rule)
    {
        var at = rule.StartsWith("-A ", StringComparison.Ordinal) ? rule.IndexOf(" -j ", StringComparison.Ordinal) : -1;
        return at < 0 ? "" : rule[(at + 4)..].Split(' ')[0];
    }

    private static async Task<string> Run(string binary, string[] arguments, string input, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(binary, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { }; // notices about tables of the other iptables
        process.BeginErrorReadLine();
        await process.StandardInput.WriteAsync(input.AsMemory(), cancel);
        process.StandardInput.Close();
        var output = await process.StandardOutput.ReadToEndAsync(cancel);
        await process.WaitForExitAsync(cancel);
        return output;
    }
}
