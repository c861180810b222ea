using System.Collections.Immutable;

namespace Coracle.Node.Proxy;

/// <summary>
/// What one service contributes to the table: its chains, its affinity sets and its frontends. Pure text and data, made by
/// <see cref="ServiceRules"/>, compared by <see cref="Transaction"/>.
/// </summary>
internal sealed record Fragment(
    ImmutableArray<NftChain> Chains,
    ImmutableArray<NftAffinitySet> AffinitySets,
    ImmutableArray<Frontend> Frontends,
    ImmutableArray<UdpService> UdpServices)
{
    public static Fragment Empty { get; } = new([], [], [], []);
}

/// <summary>A chain and its rules in order.</summary>
internal sealed record NftChain(string Name, ImmutableArray<string> Rules)
{
    public bool Equals(NftChain? other) => other is not null && Name == other.Name && Rules.AsSpan().SequenceEqual(other.Rules.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Name, Rules.Length);
}

/// <summary>The clients that stick to one endpoint, each for the time-out since its last connection.</summary>
internal sealed record NftAffinitySet(string Name, int TimeoutSeconds);

/// <summary>
/// An address, protocol and port (or a node port) that packets are addressed to, and what happens to them. A frontend belongs to one
/// service: should several claim it, the first in order of <see cref="Network.ServiceKey"/> has it.
/// </summary>
/// <param name="Id">What packets are addressed to.</param>
/// <param name="Comment">Whose it is, for those who read the table: <c>namespace/name:port</c>.</param>
/// <param name="Dispatch">The verdict that leads to the endpoints; null if there are none.</param>
/// <param name="Refuse">The verdict for what was not dispatched: refuse or drop; null if endpoints take everything.</param>
/// <param name="Guard">The verdict that checks the source before anything else; null if everybody may come.</param>
internal sealed record Frontend(FrontendId Id, string Comment, string? Dispatch, string? Refuse, string? Guard = null);

/// <summary>What packets are addressed to.</summary>
/// <param name="Key">
/// The key in the verdict maps: <c>10.96.0.1 . tcp . 443</c>; <c>tcp . 30080</c> for a node port; for a whole cluster IP, which only
/// says that other ports of it are nobody's, the address.
/// </param>
internal readonly record struct FrontendId(FrontendKind Kind, string Key) : IComparable<FrontendId>
{
    public int CompareTo(FrontendId other) =>
        Kind != other.Kind ? Kind.CompareTo(other.Kind) : string.CompareOrdinal(Key, other.Key);
}

internal enum FrontendKind
{
    Address,
    NodePort,
    ClusterIP,
}
