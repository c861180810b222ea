using System.Collections.Immutable;
using System.Net;

namespace Coracle.Node.Dns;

/// <summary>What the cluster's zone is told once and for all.</summary>
public sealed record ZoneOptions
{
    /// <summary>The cluster domain.</summary>
    public DnsName Domain { get; init; } = DnsName.Parse("cluster.local");

    /// <summary>How long clients may keep an answer, positive or negative; CoreDNS' default.</summary>
    public TimeSpan Ttl { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The cluster IPs of the name service itself, which is what <c>ns.dns.DOMAIN</c> resolves to.</summary>
    public ImmutableArray<IPAddress> NameServers { get; init; } = [];
}
