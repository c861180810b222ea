using System.Collections.Immutable;
using Coracle.Node.Network;

namespace Coracle.Node.Proxy;

/// <summary>
/// A kernel that only remembers what it was told: for simulated nodes and tests. Keeps the last <paramref name="keep"/> scripts, so that
/// a long simulation does not grow.
/// </summary>
public sealed class RecordingKernel(int keep = 16) : INetworkKernel
{
    private readonly Lock _gate = new();
    private ImmutableQueue<string> _scripts = [];
    private int _kept;

    /// <summary>The last scripts, oldest first.</summary>
    public ImmutableArray<string> Scripts
    {
        get
        {
            lock (_gate)
            {
                return [.. _scripts];
            }
        }
    }

    /// <summary>How many transactions there were in all, failed ones included.</summary>
    public long Transactions { get; private set; }

    /// <summary>The error that every transaction fails with; null to let them succeed.</summary>
    public string? FailWith { get; set; }

    /// <summary>The flows that this kernel claims to have.</summary>
    public ImmutableArray<UdpFlow> Flows { get; set; } = [];

    public Task<KernelResult> ApplyAsync(string script, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_gate)
        {
            Transactions++;
            _scripts = _scripts.Enqueue(script);
            if (++_kept > keep)
            {
                _scripts = _scripts.Dequeue();
                _kept--;
            }
        }

        return Task.FromResult(FailWith is { } error ? new KernelResult(error) : KernelResult.Done);
    }

    /// <summary>The clients that this kernel claims to remember.</summary>
    public ImmutableArray<AffinityEntry> Affinity { get; set; } = [];

    public Task<ImmutableArray<AffinityEntry>> ListAffinityAsync(string table, CancellationToken cancellation) => Task.FromResult(Affinity);

    public Task<ImmutableArray<UdpFlow>> ListUdpFlowsAsync(IpFamily family, CancellationToken cancellation) => Task.FromResult(Flows);

    public Task<KernelResult> ForgetUdpFlowsAsync(IpFamily family, ImmutableArray<UdpFlow> flows, CancellationToken cancellation)
    {
        Flows = Flows.RemoveRange(flows);
        return Task.FromResult(KernelResult.Done);
    }
}
