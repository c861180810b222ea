using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Coracle.Node.Network;

namespace Coracle.Node.Proxy;

/// <summary>The kernel of this machine (or of one network namespace, depending on <paramref name="run"/>), through <c>nft</c> and <c>conntrack</c>.</summary>
public sealed partial class NftKernel(RunCommand run) : INetworkKernel
{
    private const int ErrorLinesMax = 5;

    public async Task<KernelResult> ApplyAsync(string script, CancellationToken cancellation)
    {
        var result = await run(new Command("nft", "-f", "-") { Input = script }, cancellation);
        return result.Ok ? KernelResult.Done : new KernelResult("nft: " + Explain(result.Error, script));
    }

    public async Task<ImmutableArray<UdpFlow>> ListUdpFlowsAsync(IpFamily family, CancellationToken cancellation)
    {
        // Without the conntrack tool, stale flows die by their own time-out (30 to 120 s after the client's last packet).
        var result = await run(new Command("conntrack", "-L", "-p", "udp", "-f", Name(family)), cancellation);
        return result.Ok ? ParseFlows(result.Output) : [];
    }

    public async Task<KernelResult> ForgetUdpFlowsAsync(IpFamily family, ImmutableArray<UdpFlow> flows, CancellationToken cancellation)
    {
        if (flows.Length > 1)
        {
            // One process for all of them: conntrack 1.4.7 and later.
            var batch = string.Concat(flows.Select(f => string.Join(' ', Deletion(family, f)) + "\n"));
            if ((await run(new Command("conntrack", "-R", "-") { Input = batch }, cancellation)).Ok)
            {
                return KernelResult.Done;
            }
        }

        foreach (var flow in flows)
        {
            var result = await run(new Command("conntrack", [.. Deletion(family, flow)]), cancellation);
            // It exits with 1 if there was nothing to delete.
            if (!result.Ok && !result.Error.Contains("0 flow entries", StringComparison.Ordinal))
            {
                return new KernelResult("conntrack: " + result.Error.Trim());
            }
        }

        return KernelResult.Done;
    }

    public async Task<ImmutableArray<AffinityEntry>> ListAffinityAsync(string table, CancellationToken cancellation)
    {
        var result = await run(new Command("nft", ["-j", "list", "sets", "table", .. table.Split(' ')]), cancellation);
        return result.Ok ? ParseAffinity(result.Output) : [];
    }

    /// <summary>Reads nft's JSON; elements with an expiry are clients, whatever else there is, is not ours to read.</summary>
    internal static ImmutableArray<AffinityEntry> ParseAffinity(string json)
    {
        var entries = ImmutableArray.CreateBuilder<AffinityEntry>();
        try
        {
            var sets = JsonNode.Parse(json)?["nftables"]?.AsArray().Select(o => o?["set"]).OfType<JsonObject>() ?? [];
            foreach (var set in sets)
            {
                foreach (var element in (set["elem"] as JsonArray ?? []).Select(e => (e as JsonObject)?["elem"]).OfType<JsonObject>())
                {
                    if (element["expires"] is JsonValue expires && expires.TryGetValue(out int seconds)
                        && element["val"] is JsonValue value && value.TryGetValue(out string? text)
                        && IPAddress.TryParse(text, out var client)
                        && set["name"] is JsonValue name)
                    {
                        entries.Add(new AffinityEntry(name.GetValue<string>(), client, seconds));
                    }
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // An nft that writes something else: clients choose anew.
        }

        return entries.DrainToImmutable();
    }

    private static string[] Deletion(IpFamily family, UdpFlow flow) =>
    [
        "-D", "-p", "udp", "-f", Name(family),
        "--orig-src", flow.Source.Address.ToString(), "--orig-port-src", Number(flow.Source.Port),
        "--orig-dst", flow.Destination.Address.ToString(), "--orig-port-dst", Number(flow.Destination.Port),
    ];

    internal static ImmutableArray<UdpFlow> ParseFlows(string listing)
    {
        var flows = ImmutableArray.CreateBuilder<UdpFlow>();
        foreach (Match match in FlowLine().Matches(listing))
        {
            if (IPAddress.TryParse(match.Groups["src"].ValueSpan, out var source)
                && IPAddress.TryParse(match.Groups["dst"].ValueSpan, out var destination)
                && IPAddress.TryParse(match.Groups["reply"].ValueSpan, out var answeredBy))
            {
                flows.Add(new UdpFlow(
                    new IPEndPoint(source, ushort.Parse(match.Groups["sport"].ValueSpan, CultureInfo.InvariantCulture)),
                    new IPEndPoint(destination, ushort.Parse(match.Groups["dport"].ValueSpan, CultureInfo.InvariantCulture)),
                    answeredBy));
            }
        }

        return flows.DrainToImmutable();
    }

    // udp 17 29 src=10.0.0.2 dst=10.96.0.10 sport=4000 dport=53 [UNREPLIED] src=10.0.0.3 dst=10.0.0.2 sport=53 dport=4000 use=1
    [GeneratedRegex(@"^udp\s.*?src=(?<src>\S+) dst=(?<dst>\S+) sport=(?<sport>\d+) dport=(?<dport>\d+) .*?src=(?<reply>\S+) ", RegexOptions.Multiline)]
    private static partial Regex FlowLine();

    /// <summary>nft's first complaints, each with the line of the script that it is about.</summary>
    private static string Explain(string error, string script)
    {
        var lines = script.Split('\n');
        var explained = new List<string>();
        foreach (var line in error.Split('\n').Where(l => l.Contains("Error", StringComparison.Ordinal)).Take(ErrorLinesMax))
        {
            var number = ErrorPosition().Match(line);
            var about = number.Success && int.TryParse(number.Groups[1].ValueSpan, out var n) && n >= 1 && n <= lines.Length
                ? $" in: {Shorten(lines[n - 1])}"
                : "";
            explained.Add(line.Trim() + about);
        }

        return explained.Count > 0 ? string.Join("; ", explained) : error.Trim();
    }

    [GeneratedRegex(@"^\S*?:(\d+):\d+")]
    private static partial Regex ErrorPosition();

    private static string Shorten(string line) => line.Length <= 200 ? line : line[..200] + "...";

    private static string Name(IpFamily family) => family == IpFamily.IPv6 ? "ipv6" : "ipv4";

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
