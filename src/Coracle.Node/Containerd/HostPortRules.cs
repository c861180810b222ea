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
            await RemoveEmptyTable(family == "iptables" ? "ip" : "ip6", cancel);
        }
    }

    /// <summary>
    /// iptables makes its table nat as soon as it is asked to look into it, and leaves it. One without any rule does nothing, whoever made it, and is made anew when
    /// it is needed. In one transaction, which fails when a rule has been added meanwhile.
    /// </summary>
    private static async Task RemoveEmptyTable(string family, CancellationToken cancel)
    {
        if (ContainerdProcess.Locate("nft") is not { } nft)
            return;
        if (EmptyTableScript(await Run(nft, ["list", "table", family, "nat"], "", cancel), family) is { } script)
            await Run(nft, ["-f", "-"], script, cancel);
    }

    /// <summary>For nft; null when the table holds anything but chains without rules, or is not there.</summary>
    /// <param name="listing">What nft printed of the table nat.</param>
    internal static string? EmptyTableScript(string listing, string family)
    {
        var script = new StringBuilder();
        foreach (var line in listing.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("chain ", StringComparison.Ordinal))
                script.Append("delete chain ").Append(family).Append(" nat ").Append(line.Split(' ')[1]).Append('\n');
            else if (line != "}" && line != $"table {family} nat {{" && !(line.StartsWith("type nat hook ", StringComparison.Ordinal) && line.EndsWith("policy accept;", StringComparison.Ordinal)))
                return null;
        }
        return listing.Length == 0 ? null : script.Append("delete table ").Append(family).Append(" nat\n").ToString();
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
