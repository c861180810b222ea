using System.Collections.Immutable;
using System.Net;
using Coracle.Node.Network;

namespace Coracle.Node.Proxy;

/// <summary>The seam to the kernel's packet rules: the real one is <see cref="NftKernel"/>, simulated nodes have <see cref="RecordingKernel"/>.</summary>
public interface INetworkKernel
{
    /// <summary>Runs nft commands as one transaction: all of them take effect or none does.</summary>
    Task<KernelResult> ApplyAsync(string script, CancellationToken cancellation);

    /// <summary>Which clients stick to which endpoints, in all sets of a table (<c>ip NAME</c>); none if there is no such table.</summary>
    Task<ImmutableArray<AffinityEntry>> ListAffinityAsync(string table, CancellationToken cancellation);

    /// <summary>The UDP flows that the kernel remembers.</summary>
    Task<ImmutableArray<UdpFlow>> ListUdpFlowsAsync(IpFamily family, CancellationToken cancellation);

    /// <summary>Forgets flows; those already gone are no error.</summary>
    Task<KernelResult> ForgetUdpFlowsAsync(IpFamily family, ImmutableArray<UdpFlow> flows, CancellationToken cancellation);
}

/// <summary>A client that sticks to an endpoint for some more seconds.</summary>
/// <param name="Set">The endpoint's set.</param>
public sealed record AffinityEntry(string Set, IPAddress Client, int SecondsLeft);

/// <summary>Whether it worked, and if not, why, in words for the log.</summary>
public sealed record KernelResult(string? Error)
{
    public static KernelResult Done { get; } = new((string?)null);

    public bool Ok => Error is null;
}
