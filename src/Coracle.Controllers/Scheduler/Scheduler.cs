using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Scheduling;

/// <summary>
/// Gives pods their nodes (kube-scheduler). One loop owns all state: what caches and bindings tell comes to it by a mailbox, so that nothing is locked
/// while a node is chosen and no two pods can be promised the same room. Bindings run beside it, as many at once as <see cref="SchedulerOptions.MaxBindings"/>.
/// </summary>
public sealed class Scheduler
{
    /// <summary>After so many pods in a row, others may run.</summary>
    private const int PodsInARow = 16;

    private readonly Client client;
    private readonly SchedulerOptions options;
    private readonly Informer<Pod> pods;
    private readonly Informer<Node> nodes;
    private readonly Informer<Namespace> namespaces;
    private readonly VolumeView volumes;
    private readonly BudgetView budgets;
    private readonly DeviceView devices;
    private readonly KeeperView keepers;
    private readonly Dictionary<string, Profile> profiles;
    private readonly Mailbox mailbox;
    private readonly ClusterState cluster = new();
    private readonly Nominations nominations = new();
    private readonly SchedulingQueue queue;
    private readonly SchedulingCycle cycle;
    private readonly ClusterFollower follower;
    private readonly FailureReports reports;
    private readonly Dictionary<string, EventRecorder> recorders;
    private int bindings;

    public Scheduler(Client client, InformerSet informers, SchedulerOptions? options = null)
    {
        this.client = client;
        this.options = options ?? new();
        pods = informers.For<Pod>();
        nodes = informers.For<Node>();
        namespaces = informers.For<Namespace>();
        cluster.Volumes = volumes = new(informers);
        cluster.Devices = devices = new(informers);
        cluster.Budgets = budgets = new(informers);
        cluster.Keepers = keepers = new(informers);
        var all = this.options.Profiles(client);
        profiles = all.ToDictionary(p => p.Name, StringComparer.Ordinal);
        recorders = all.ToDictionary(p => p.Name, p => new EventRecorder(client, p.Name), StringComparer.Ordinal);
        mailbox = new(client.Time);
        queue = new(client.Time, all[0].Sort, this.options.Queue);
        cycle = new(cluster, nominations, this.options, new Random(client.Options.Random.Next()));
        follower = new(cluster, queue, nominations, profiles);
        reports = new(client);
    }

    /// <summary>Nothing is being placed or bound, and nothing is about to be but for what waits for a time or an event.</summary>
    public bool IsIdle => Volatile.Read(ref idle);
    private bool idle;

    /// <summary>Runs until cancelled. Bindings under way are cancelled too: their pods are found unbound, or bound, by who schedules next.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        await pods.WaitForSyncAsync(cancel);
        await nodes.WaitForSyncAsync(cancel);
        await namespaces.WaitForSyncAsync(cancel);
        await volumes.WaitForSyncAsync(cancel);
        await devices.WaitForSyncAsync(cancel);
        await budgets.WaitForSyncAsync(cancel);
        await keepers.WaitForSyncAsync(cancel);
        var followVolumes = volumes.Subscribe(what => mailbox.Post(new Letter.StorageChanged(what)));
        var followDevices = devices.Subscribe(what => mailbox.Post(new Letter.StorageChanged(what)));
        using var followNamespaces = namespaces.Subscribe(delta => mailbox.Post(new Letter.NamespaceChanged(delta.Object.Metadata.Name, delta.Type == DeltaType.Deleted ? null : delta.New)));
        using var followNodes = nodes.Subscribe(delta => mailbox.Post(new Letter.NodeChanged(delta.Old, delta.Type == DeltaType.Deleted ? null : delta.New)));
        using var followPods = pods.Subscribe(delta => mailbox.Post(new Letter.PodChanged(delta.Old, delta.Type == DeltaType.Deleted ? null : delta.New)));
        using var stop = cancel.Register(mailbox.Wake);
        var inARow = 0;
        while (!cancel.IsCancellationRequested)
        {
            while (mailbox.TryTake(out var letter)) Read(letter, cancel);
            queue.Flush();
            if (bindings < options.MaxBindings && queue.TryPop(out var pod))
            {
                Volatile.Write(ref idle, false);
                Schedule(pod, cancel);
                if (++inARow % PodsInARow == 0) await Task.Yield();
                continue;
            }
            Volatile.Write(ref idle, bindings == 0 && mailbox.IsEmpty);
            await mailbox.WaitAsync(bindings < options.MaxBindings ? queue.UntilFlush : null);
        }
        foreach (var subscription in (IEnumerable<IDisposable>)[.. followVolumes, .. followDevices]) subscription.Dispose();
    }

    private void Read(Letter letter, CancellationToken cancel)
    {
        try
        {
            switch (letter)
            {
                case Letter.NodeChanged(var old, var now): follower.NodeChanged(old, now); break;
                case Letter.PodChanged(var old, var now): follower.PodChanged(old, now); break;
                case Letter.NamespaceChanged(var name, var now): follower.NamespaceChanged(name, now); break;
                case Letter.StorageChanged(var what): follower.Move(what); break;
                case Letter.BindingEnded ended: Settle(ended, cancel); break;
                case Letter.WorkEnded(var pod): queue.Release(pod); break;
            }
        }
        catch (Exception failure)
        {
            // One object that a plugin cannot cope with must not keep all others from being scheduled.
            client.Options.Log(new(LogSeverity.Error, "scheduler", $"a change could not be followed: {letter.GetType().Name}", failure));
        }
    }

    private void Schedule(QueuedPod pod, CancellationToken cancel)
    {
        try
        {
            Try(pod, cancel);
        }
        catch (Exception failure)
        {
            client.Options.Log(new(LogSeverity.Error, "scheduler", $"scheduling {pod.Info} broke", failure));
            if (pod.Place == Scheduling.Place.Out && !cluster.Has(pod.Info.Uid) && queue.Find(pod.Info.Uid) == pod) queue.PutFailed(pod);
        }
    }

    private void Try(QueuedPod pod, CancellationToken cancel)
    {
        if (pod.Pod.Metadata.DeletionTimestamp is not null)
        {
            queue.Remove(pod.Info.Uid);
            return;
        }
        var profile = pod.Profile;
        var state = new CycleState(profile.Plugins.Length) { Cluster = cluster };
        if (cluster.Nodes.IsEmpty)
        {
            Fail(pod, state, Verdict.Unresolvable("no nodes available to schedule pods"), null, cancel);
            return;
        }
        var choice = cycle.Find(profile, state, pod.Info);
        if (choice.Error is { } error) Fail(pod, state, error, null, cancel);
        else if (choice.Node is { } node) Place(pod, state, node, cancel);
        else Fail(pod, state, null, choice.Diagnosis, cancel);
    }

    /// <summary>(1) From now on the pod counts on its node. (2) Reserve. (3) Permit. (4) The rest goes on beside the loop.</summary>
    private void Place(QueuedPod pod, CycleState state, NodeInfo node, CancellationToken cancel)
    {
        cluster.Assume(pod.Info, node); // 1
        var nominated = nominations.NodeOf(pod.Info.Uid);
        nominations.Remove(pod.Info.Uid);
        var (verdict, plugin) = Reserve(pod, state, node); // 2
        WaitingPod? waiting = null;
        var limit = TimeSpan.Zero;
        if (verdict.IsOk) (verdict, plugin, waiting, limit) = Permit(pod, state, node); // 3
        if (!verdict.IsOk)
        {
            BindingCycle.Unreserve(pod, state, node.Name);
            cluster.Forget(pod.Info.Uid);
            if (nominated is not null) nominations.Set(pod.Info, nominated);
            Fail(pod, state, verdict.IsRejected ? null : verdict, verdict.IsRejected ? OneNode(node, verdict, plugin) : null, cancel);
            return;
        }
        bindings++;
        _ = BindAsync(pod, state, node.Name, waiting, limit, cancel); // 4
    }

    private static Diagnosis OneNode(NodeInfo node, Verdict verdict, Plugin? plugin)
    {
        var diagnosis = new Diagnosis(1);
        diagnosis.Reject(node, verdict, plugin);
        return diagnosis;
    }

    private static (Verdict, Plugin?) Reserve(QueuedPod pod, CycleState state, NodeInfo node)
    {
        foreach (var (plugin, point) in pod.Profile.Reserve)
            if (point.Reserve(state, pod.Info, node) is { IsOk: false } verdict) return (verdict, plugin);
        return (Verdict.Ok, null);
    }

    private static (Verdict, Plugin?, WaitingPod?, TimeSpan) Permit(QueuedPod pod, CycleState state, NodeInfo node)
    {
        if (pod.Profile.Permit.Length == 0) return (Verdict.Ok, null, null, TimeSpan.Zero);
        var waiting = new WaitingPod(pod.Info, node.Name);
        var limit = TimeSpan.Zero;
        var waits = false;
        foreach (var (plugin, point) in pod.Profile.Permit)
        {
            var verdict = point.Permit(state, pod.Info, node, waiting, out var timeout);
            if (verdict.Code == VerdictCode.Wait)
            {
                if (timeout > BindingCycle.MaxPermitWait) timeout = BindingCycle.MaxPermitWait;
                limit = waits && limit < timeout ? limit : timeout;
                waits = true;
                waiting.Hold(plugin);
            }
            else if (!verdict.IsOk) return (verdict, plugin, null, limit);
        }
        return (Verdict.Ok, null, waits ? waiting : null, limit);
    }

    private async Task BindAsync(QueuedPod pod, CycleState state, string node, WaitingPod? waiting, TimeSpan limit, CancellationToken cancel)
    {
        Letter.BindingEnded ended;
        try
        {
            ended = await BindingCycle.RunAsync(client, pod, state, node, waiting, limit, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return;
        }
        catch (Exception failure)
        {
            client.Options.Log(new(LogSeverity.Error, "scheduler", $"binding of {pod.Info} broke", failure));
            ended = new(pod, state, node, Verdict.Error(failure.Message), null);
        }
        mailbox.Post(ended);
    }

    private void Settle(Letter.BindingEnded ended, CancellationToken cancel)
    {
        var (pod, state, node, verdict, plugin) = ended;
        bindings--;
        if (verdict.IsOk)
        {
            queue.Remove(pod.Info.Uid);
            recorders[pod.Profile.Name].Tell(pod.Pod, "Normal", "Scheduled", "Binding", $"Successfully assigned {pod.Info.Key.Namespace}/{pod.Info.Key.Name} to {node}");
            return;
        }
        BindingCycle.Unreserve(pod, state, node);
        // What the pod was to take is free again: to others this is as if it had been deleted.
        if (cluster.Forget(pod.Info.Uid)) follower.Move(new(ClusterChange.AssignedPodDeleted) { OldPod = pod.Info });
        if (verdict.IsRejected && cluster.TryGetNode(node, out var info)) Fail(pod, state, null, OneNode(info, verdict, plugin), cancel);
        else Fail(pod, state, verdict, null, cancel);
    }

    /// <summary>
    /// The attempt ended without a node: (1) PostFilters may make room, (2) the pod is queued again, as the cache shows it now, unless it is gone or has a node
    /// after all, (3) people are told.
    /// </summary>
    private void Fail(QueuedPod pod, CycleState state, Verdict? error, Diagnosis? diagnosis, CancellationToken cancel)
    {
        var result = diagnosis is null ? null : PostFilter(pod, state, diagnosis); // 1
        if (diagnosis is not null && result is not null) diagnosis.PostFilterMessage = result.Verdict.Message;
        if (pods.Get(pod.Info.Key) is not { Spec.NodeName.Length: 0, Metadata.DeletionTimestamp: null } current || current.Metadata.Uid != pod.Info.Uid)
        {
            queue.Remove(pod.Info.Uid);
            return;
        }
        if (queue.Find(pod.Info.Uid) != pod) return;
        if (current.Metadata.ResourceVersion != pod.Pod.Metadata.ResourceVersion) pod.Info = new(current);
        if (diagnosis is null && error is { IsRejected: false }) queue.PutFailed(pod); // 2
        else queue.PutUnschedulable(pod, diagnosis?.Rejecting ?? 0, diagnosis?.Pending ?? 0);
        if (result?.NominatedNode is { } nominated) nominations.Set(pod.Info, nominated);
        if (result?.Work is { } work) StartWork(pod, work, cancel);

        var message = diagnosis?.Message ?? error!.Message; // 3
        var reason = diagnosis is null && !error!.IsRejected ? "SchedulerError" : "Unschedulable";
        recorders[pod.Profile.Name].Tell(pod.Pod, "Warning", "FailedScheduling", "Scheduling", FailureReports.Shorten(message));
        pod.Reporting = reports.WriteAsync(pod.Reporting, pod.Pod, reason, message, result?.NominatedNode, cancel);
    }

    /// <summary>What the first says that makes room; otherwise why none of them does (RunPostFilterPlugins).</summary>
    private PostFilterResult? PostFilter(QueuedPod pod, CycleState state, Diagnosis diagnosis)
    {
        List<string>? reasons = null;
        string? nominated = null;
        Func<CancellationToken, Task>? work = null;
        var dryRun = new DryRun(cycle, pod.Profile, state, pod.Info);
        foreach (var (_, point) in pod.Profile.PostFilter)
        {
            var result = point.PostFilter(state, pod.Info, cluster, diagnosis, dryRun);
            if (result.Verdict.IsOk || result.Verdict.Code == VerdictCode.UnschedulableAndUnresolvable) return result;
            nominated = result.NominatedNode ?? nominated;
            work ??= result.Work;
            (reasons ??= []).AddRange(result.Verdict.Reasons);
        }
        return reasons is null ? null : new(Verdict.Unschedulable(reasons), nominated, work);
    }

    private void StartWork(QueuedPod pod, Func<CancellationToken, Task> work, CancellationToken cancel)
    {
        pod.IsBusy = true;
        _ = Run();

        async Task Run()
        {
            try
            {
                await work(cancel);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                client.Options.Log(new(LogSeverity.Error, "scheduler", $"making room for {pod.Info} broke", failure));
            }
            mailbox.Post(new Letter.WorkEnded(pod));
        }
    }
}
