using Coracle.Node.Network;

namespace Coracle.Node.Proxy;

/// <summary>
/// Keeps the kernel's rules in step with a <see cref="NetworkDirectory"/>. The first load replaces whatever an earlier process left
/// in the table; after that only differences are loaded. Stopping leaves the rules in place (services keep working while the agent
/// restarts); <see cref="TeardownAsync"/> removes them.
/// </summary>
/// <example>
/// <code>
/// var proxy = new ServiceProxy(options, directory, new NftKernel(HostCommands.WithLimit(TimeSpan.FromSeconds(30), time)), time);
/// await proxy.RunAsync(stopping);
/// </code>
/// </example>
public sealed class ServiceProxy
{
    private static readonly TimeSpan SweepDelay = TimeSpan.FromSeconds(2);

    private readonly ProxyOptions _options;
    private readonly NetworkDirectory _directory;
    private readonly INetworkKernel _kernel;
    private readonly TimeProvider _time;

    // Written by the loop only.
    private readonly HashSet<string> _abandoned = [];
    private NetworkSnapshot _compiled = NetworkSnapshot.Empty;
    private Ruleset _wanted = Ruleset.Empty;
    private Ruleset? _loaded;
    private ProxyStatus _status = new();

    public ServiceProxy(ProxyOptions options, NetworkDirectory directory, INetworkKernel kernel, TimeProvider time)
    {
        _options = options;
        _directory = directory;
        _kernel = kernel;
        _time = time;
    }

    /// <summary>How it goes; may be read from any thread.</summary>
    public ProxyStatus Status => Volatile.Read(ref _status);

    /// <summary>
    /// Loads changes until cancelled, which is how it ends normally (without throwing).
    /// <list type="number">
    /// <item>Wait until something changed, or until chains that were abandoned can be deleted.</item>
    /// <item>Load it.</item>
    /// <item>Let at least the minimal interval pass (after a failure: the retry delay).</item>
    /// </list>
    /// </summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var changed = new SemaphoreSlim(1, 1);
        void Signal()
        {
            lock (changed)
            {
                if (changed.CurrentCount == 0)
                {
                    changed.Release();
                }
            }
        }

        _directory.Changed += Signal;
        try
        {
            while (true)
            {
                // 1.
                if (!await WaitAsync(changed, stopping))
                {
                    await SweepAsync(stopping);
                    continue;
                }

                // 2.
                await SyncAsync(stopping);

                // 3.
                if (Status.ConsecutiveFailures > 0)
                {
                    Signal();
                }

                await Task.Delay(Status.ConsecutiveFailures > 0 ? RetryDelay() : _options.MinInterval, _time, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The normal end.
        }
        finally
        {
            _directory.Changed -= Signal;
        }
    }

    /// <summary>
    /// Loads what is wanted now, if it differs from what is loaded. <see cref="RunAsync"/> calls this; whoever steps by hand (tests,
    /// simulations) does so instead of running it.
    /// </summary>
    public async Task SyncAsync(CancellationToken cancellation)
    {
        var snapshot = _directory.Current;
        if (!snapshot.IsComplete)
        {
            return;
        }

        Compile(snapshot);
        var change = _loaded is null
            ? Transaction.Full(_wanted, _options, await _kernel.ListAffinityAsync(_options.Table, cancellation))
            : Transaction.Between(_loaded, _wanted, _options);
        if (change.Script.Length > 0 && !await LoadAsync(change, cancellation))
        {
            return;
        }

        _loaded = _wanted;
        if (change.TouchesUdp)
        {
            await ForgetStaleFlowsAsync(cancellation);
        }
    }

    /// <summary>Removes everything of this instance from the kernel. Call it when <see cref="RunAsync"/> has ended.</summary>
    public async Task<KernelResult> TeardownAsync(CancellationToken cancellation)
    {
        _loaded = null;
        _abandoned.Clear();
        return await _kernel.ApplyAsync(Transaction.Teardown(_options), cancellation);
    }

    /// <summary>Brings the wanted rules up to the snapshot; services that did not change are not looked at.</summary>
    private void Compile(NetworkSnapshot snapshot)
    {
        foreach (var (key, view) in snapshot.Services)
        {
            if (!_compiled.Services.TryGetValue(key, out var before) || !ReferenceEquals(before, view))
            {
                _wanted = _wanted.With(key, ServiceRules.Compile(view, _options));
            }
        }

        foreach (var gone in _compiled.Services.Keys.Where(key => !snapshot.Services.ContainsKey(key)))
        {
            _wanted = _wanted.With(gone, Fragment.Empty);
        }

        _compiled = snapshot;
    }

    private async Task<bool> LoadAsync(Transaction change, CancellationToken cancellation)
    {
        var started = _time.GetTimestamp();
        var result = await _kernel.ApplyAsync(change.Script, cancellation);
        var isFull = _loaded is null;
        if (!result.Ok)
        {
            // Whatever is in the kernel now is not what we thought: start over.
            _loaded = null;
            Volatile.Write(ref _status, Status with { LastError = result.Error, ConsecutiveFailures = Status.ConsecutiveFailures + 1 });
            return false;
        }

        if (isFull)
        {
            _abandoned.Clear();
        }

        _abandoned.ExceptWith(change.Adopted);
        _abandoned.UnionWith(change.Abandoned);
        Volatile.Write(ref _status, Status with
        {
            LastError = null,
            ConsecutiveFailures = 0,
            LastLoad = _time.GetUtcNow(),
            LastLoadTook = _time.GetElapsedTime(started),
            FullLoads = Status.FullLoads + (isFull ? 1 : 0),
            IncrementalLoads = Status.IncrementalLoads + (isFull ? 0 : 1),
            Services = _wanted.Fragments.Count,
            Chains = _wanted.ChainCount,
        });
        return true;
    }

    private async Task ForgetStaleFlowsAsync(CancellationToken cancellation)
    {
        var services = _wanted.UdpServices.ToList();
        if (services.Count == 0)
        {
            return;
        }

        var stale = UdpFlows.Stale(await _kernel.ListUdpFlowsAsync(_options.Family, cancellation), services);
        var result = stale.IsEmpty ? KernelResult.Done : await _kernel.ForgetUdpFlowsAsync(_options.Family, stale, cancellation);
        if (!result.Ok)
        {
            // Not worth a retry: the flows die by their time-out.
            Volatile.Write(ref _status, Status with { LastError = result.Error });
        }
    }

    private async Task SweepAsync(CancellationToken cancellation)
    {
        if (_abandoned.Count == 0 || _loaded is null)
        {
            return;
        }

        // If the kernel still counts one of them as used, none is deleted; the next quiet moment tries again.
        var result = await _kernel.ApplyAsync(Transaction.Sweep(_abandoned.Order(StringComparer.Ordinal), _options), cancellation);
        if (result.Ok)
        {
            _abandoned.Clear();
        }
    }

    /// <summary>True if something changed; false if nothing did for a while and there is something to sweep.</summary>
    private async Task<bool> WaitAsync(SemaphoreSlim changed, CancellationToken stopping)
    {
        if (_abandoned.Count == 0)
        {
            await changed.WaitAsync(stopping);
            return true;
        }

        using var quiet = new CancellationTokenSource(SweepDelay, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(quiet.Token, stopping);
        try
        {
            await changed.WaitAsync(either.Token);
            return true;
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            return false;
        }
    }

    private TimeSpan RetryDelay()
    {
        var doublings = Math.Min(Status.ConsecutiveFailures - 1, 10);
        var delay = _options.RetryDelay * (1 << doublings);
        return delay < _options.MaxRetryDelay ? delay : _options.MaxRetryDelay;
    }
}
