using Coracle.Kinds.Coordination.V1;

namespace Coracle.Sdk;

/// <summary>
/// Lets one of several candidates lead, by an optimistic lock on a Lease (client-go, tools/leaderelection). Clocks of candidates need not agree: each
/// measures, by its own, how long the lease it sees has not changed.
/// </summary>
public sealed class LeaderElector
{
    private const double JitterShare = 1.2;

    private readonly Client client;
    private readonly LeaderElectionOptions options;
    private readonly EventRecorder? events;
    private readonly Metric status;
    private Lease? observed;
    private long observedAt;
    private long renewedAt;
    private volatile bool leads;

    /// <summary>A candidate.</summary>
    public LeaderElector(Client client, LeaderElectionOptions options, EventRecorder? events = null)
    {
        if (options.LeaseDuration <= options.RenewDeadline || options.RenewDeadline <= options.RetryPeriod * JitterShare)
            throw new ArgumentException("the lease must last longer than the deadline to renew it, and that longer than the jittered retry period", nameof(options));
        this.client = client;
        this.options = options;
        this.events = events;
        status = client.Metrics.Gauge("leader_election_master_status", "Gauge of if the reporting system is master of the relevant lease, 0 indicates backup, 1 indicates master. 'name' is the string used to identify the lease.", "name").With(options.Name);
    }

    /// <summary>This candidate leads, and could renew its lease in time.</summary>
    public bool IsLeader => leads && client.Time.GetElapsedTime(renewedAt) < options.RenewDeadline;

    /// <summary>What a candidate must be allowed to do.</summary>
    public IReadOnlyList<RbacRule> Rules => [RbacRule.Of(Lease.Info.Group, Lease.Info.Plural, "get", "create", "update") with { Namespace = options.Namespace }];

    /// <summary>The lease's namespace and name.</summary>
    public string LeaseName => $"{options.Namespace}/{options.Name}";

    /// <summary>Who led when the lease was last looked at; "" for nobody.</summary>
    public string Leader => observed?.Spec.HolderIdentity ?? "";

    /// <summary>
    /// Waits to be leader, then runs <paramref name="lead"/>, whose token is cancelled when leadership is lost or <paramref name="cancel"/> is; returns when it has
    /// ended. True when it was told to stop or <paramref name="lead"/> ended by itself, false when leadership was lost: most programs should then end.
    /// </summary>
    public async Task<bool> RunAsync(Func<CancellationToken, Task> lead, CancellationToken cancel)
    {
        await AcquireAsync(cancel);
        using var leading = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        // Renewal goes on until what is led has ended, also after it was told to: only then may another lead.
        using var ended = new CancellationTokenSource();
        var renew = RenewAsync(leading, ended.Token);
        try
        {
            await lead(leading.Token);
        }
        catch (OperationCanceledException) when (leading.IsCancellationRequested) { }
        finally
        {
            ended.Cancel();
            await renew;
        }
        if (!leads) return false;
        Turn(false);
        if (options.ReleaseOnStop) await ReleaseAsync();
        return true;
    }

    private async Task AcquireAsync(CancellationToken cancel)
    {
        while (!await TryAsync(cancel)) await Task.Delay(client.Random.Jitter(options.RetryPeriod, JitterShare), client.Time, cancel);
        Turn(true);
        if (observed is { } lease) events?.Normal(lease, "LeaderElection", $"{options.Identity} became leader");
    }

    // Renews until told to stop, or until no renewal came through for the deadline: then it is not leader any more, and says so.
    private async Task RenewAsync(CancellationTokenSource leading, CancellationToken cancel)
    {
        try
        {
            while (true)
            {
                await Task.Delay(options.RetryPeriod, client.Time, cancel);
                var left = options.RenewDeadline - client.Time.GetElapsedTime(renewedAt);
                using var deadline = new Deadline(client.Time, cancel);
                deadline.Arm(left > TimeSpan.Zero ? left : TimeSpan.Zero);
                try
                {
                    await TryAsync(deadline.Token);
                }
                catch (OperationCanceledException) when (!cancel.IsCancellationRequested) { }
                if (client.Time.GetElapsedTime(renewedAt) < options.RenewDeadline && Leader == options.Identity) continue;
                Turn(false);
                if (observed is { } lease) events?.Normal(lease, "LeaderElection", $"{options.Identity} stopped leading");
                leading.Cancel();
                return;
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested) { }
    }

    private void Turn(bool on)
    {
        leads = on;
        status.Set(on ? 1 : 0);
        client.Log(LogSeverity.Info, "leader-election", $"{options.Identity} {(on ? "leads" : "does not lead")} by {LeaseName}");
    }

    /// <summary>
    /// Takes or renews the lease; false when that did not work this time. (1) A leader whose lease is valid updates what it wrote last. (2) Else the lease is read, or
    /// created where there is none. (3) One that another holds and has renewed in time is left alone. (4) Else it is taken, unless someone was faster.
    /// </summary>
    private async ValueTask<bool> TryAsync(CancellationToken cancel)
    {
        try
        {
            var began = client.Time.GetTimestamp();
            if (leads && observed is { } mine && IsValid(mine) && await WriteAsync(mine, began, cancel)) return true;
            var found = await client.TryGetAsync<Lease>(new(options.Namespace, options.Name), cancel);
            if (found is null) return await CreateAsync(began, cancel);
            if (observed is null || !found.Spec.ContentEquals(observed.Spec)) Observe(found);
            else observed = found;
            var holder = found.Spec.HolderIdentity ?? "";
            if (holder.Length > 0 && holder != options.Identity && IsValid(found)) return false;
            return await WriteAsync(found, began, cancel);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            client.Log(LogSeverity.Warning, "leader-election", $"{LeaseName}: {failure.Message}", failure);
            return false;
        }
    }

    private bool IsValid(Lease lease) => client.Time.GetElapsedTime(observedAt) < TimeSpan.FromSeconds(lease.Spec.LeaseDurationSeconds ?? 0);

    private void Observe(Lease lease)
    {
        observed = lease;
        observedAt = client.Time.GetTimestamp();
    }

    private async ValueTask<bool> CreateAsync(long began, CancellationToken cancel)
    {
        var lease = new Lease { Metadata = new() { Namespace = options.Namespace, Name = options.Name }, Spec = NewSpec(null) };
        return Took(await client.TryCreateAsync(lease, cancel), began);
    }

    private async ValueTask<bool> WriteAsync(Lease old, long began, CancellationToken cancel)
    {
        var lease = old.DeepCopy();
        lease.Spec = NewSpec(old.Spec);
        return Took(await client.TryUpdateAsync(lease, cancel), began);
    }

    // The renewal counts from before it was sent: others may have seen it just then.
    private bool Took(ApiResult<Lease> written, long began)
    {
        if (!written.Ok) return false;
        Observe(written.Value);
        renewedAt = began;
        return true;
    }

    private LeaseSpec NewSpec(LeaseSpec? old)
    {
        var now = client.Time.GetUtcNow();
        var keeps = old?.HolderIdentity == options.Identity;
        return new()
        {
            HolderIdentity = options.Identity, LeaseDurationSeconds = (int)options.LeaseDuration.TotalSeconds, RenewTime = now,
            AcquireTime = keeps ? old!.AcquireTime ?? now : now,
            LeaseTransitions = old is null ? 0 : (old.LeaseTransitions ?? 0) + (keeps ? 0 : 1),
        };
    }

    // Holder "" and a second's duration: whoever looks next takes it.
    private async Task ReleaseAsync()
    {
        try
        {
            using var deadline = new Deadline(client.Time, CancellationToken.None);
            deadline.Arm(options.RenewDeadline);
            while (await client.TryGetAsync<Lease>(new(options.Namespace, options.Name), deadline.Token) is { } lease && lease.Spec.HolderIdentity == options.Identity)
            {
                var now = client.Time.GetUtcNow();
                lease.Spec = new() { HolderIdentity = "", LeaseDurationSeconds = 1, RenewTime = now, AcquireTime = now, LeaseTransitions = lease.Spec.LeaseTransitions };
                var released = await client.TryUpdateAsync(lease, deadline.Token);
                if (!released.IsConflict) return;
            }
        }
        catch (Exception failure) when (failure is ApiException or IOException or OperationCanceledException)
        {
            client.Log(LogSeverity.Warning, "leader-election", $"the lease {LeaseName} was not released: {failure.Message}", failure);
        }
    }
}

/// <summary>Another leads now, or might: the program should end and start anew as a candidate.</summary>
public sealed class LeadershipLostException(string lease) : Exception($"leadership by the lease {lease} was lost");
