using System.Collections.Immutable;

namespace Coracle.Node.Dns;

/// <summary>What the cluster's zone says to a question.</summary>
/// <param name="Code">NXDomain if the name does not exist; NoError without answers if it does, but has no record of the type.</param>
/// <param name="Alias">The name to go on with, if the answer is a CNAME: it need not be in this zone.</param>
public sealed record ZoneAnswer(
    DnsCode Code,
    ImmutableArray<DnsRecord> Answers,
    ImmutableArray<DnsRecord> Authority,
    ImmutableArray<DnsRecord> Additional,
    DnsName? Alias = null);
