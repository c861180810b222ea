using System.Collections.Immutable;
using System.Net;

namespace Coracle.Node.Dns;

/// <summary>What <c>/etc/resolv.conf</c> says (resolv.conf(5)); unknown lines and unreadable addresses are skipped.</summary>
public sealed record ResolvConf(ImmutableArray<IPAddress> NameServers, ImmutableArray<string> Search, ImmutableArray<string> Options)
{
    public static ResolvConf Parse(string text)
    {
        var servers = ImmutableArray.CreateBuilder<IPAddress>();
        ImmutableArray<string> search = [];
        var options = ImmutableArray.CreateBuilder<string>();
        foreach (var line in text.Split('\n'))
        {
            string[] words = line.Split((char[])[' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            switch (words)
            {
                case ["nameserver", var address, ..] when IPAddress.TryParse(address, out var ip):
                    servers.Add(ip);
                    break;
                case ["search" or "domain", .. var domains]:
                    // The last line wins, whichever of the two it is.
                    search = [.. domains];
                    break;
                case ["options", .. var some]:
                    options.AddRange(some);
                    break;
            }
        }

        return new ResolvConf(servers.DrainToImmutable(), search, options.DrainToImmutable());
    }

    /// <summary>The name servers at the usual port, without those that are ourselves.</summary>
    public ImmutableArray<IPEndPoint> Upstreams(params IReadOnlyCollection<IPAddress> ownAddresses) =>
        [.. NameServers.Where(ip => !ownAddresses.Contains(ip)).Select(ip => new IPEndPoint(ip, 53))];
}
