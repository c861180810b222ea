namespace Coracle.Controllers.Scheduling;

/// <summary>
/// The pods that wait: active (to be tried, in the profile's order), in backoff (to be tried after 1 to 10 seconds, or sooner when nothing else is
/// active), and unschedulable (to be tried when an event may have made them fit, or after five minutes). Owned by the scheduling loop (backend/queue).
/// </summary>
public sealed class SchedulingQueue
{
    private static readonly TimeSpan FlushEvery = TimeSpan.FromSeconds(30);

    private readonly TimeProvider time;
    private readonly SchedulingQueueOptions options;
    private readonly Dictionary<string, QueuedPod> all = new(StringComparer.Ordinal);
    private readonly HashSet<QueuedPod> unschedulable = [];
    private readonly PriorityQueue<Entry, Entry> active;
    private readonly PriorityQueue<Entry, (long Until, long Order)> backoff = new();
    private readonly PriorityQueue<Entry, (long Until, long Order)> errorBackoff = new();
    private readonly List<QueuedPod> moving = [];
    private long stamps;
    private DateTimeOffset flushed;

    private readonly record struct Entry(QueuedPod Pod, long Stamp);

    public SchedulingQueue(TimeProvider time, IQueueSort sort, SchedulingQueueOptions? options = null)
    {
        this.time = time;
        this.options = options ?? new();
        active = new(new Order(sort));
        flushed = time.GetUtcNow();
    }

    private sealed class Order(IQueueSort sort) : IComparer<Entry>
    {
        public int Compare(Entry x, Entry y)
        {
            var order = sort.Compare(x.Pod, y.Pod);
            return order != 0 ? order : x.Stamp.CompareTo(y.Stamp);
        }
    }

    public int ActiveCount { get; private set; }
    public int BackoffCount { get; private set; }
    public int UnschedulableCount => unschedulable.Count;

    public QueuedPod? Find(string uid) => all.GetValueOrDefault(uid);

    /// <summary>A new pod.</summary>
    public void Add(QueuedPod pod)
    {
        all[pod.Info.Uid] = pod;
        pod.Queued = time.GetUtcNow();
        Activate(pod);
    }

    /// <summary>The pod was changed: it may be tried anew when that can make a difference.</summary>
    public void Update(QueuedPod pod, PodInfo changed, ClusterChange changes)
    {
        var old = pod.Info;
        pod.Info = changed;
        if (pod.Place != Place.Unschedulable || changes == ClusterChange.None) return;
        Move(pod, new(changes) { OldPod = old, NewPod = changed });
    }

    public void Remove(string uid)
    {
        if (!all.Remove(uid, out var pod)) return;
        Leave(pod);
        pod.Place = Place.Out;
    }

    /// <summary>The next pod to be tried: the first active one, else the first whose backoff ends. It is out of the queue's places until it is put back or removed.</summary>
    public bool TryPop(out QueuedPod pod)
    {
        while (active.TryDequeue(out var entry, out _) || backoff.TryDequeue(out entry, out _))
        {
            if (!IsCurrent(entry)) continue;
            pod = entry.Pod;
            Leave(pod);
            pod.Place = Place.Out;
            pod.Attempts++;
            return true;
        }
        pod = null!;
        return false;
    }

    /// <summary>Puts a pod back that fits nowhere.</summary>
    public void PutUnschedulable(QueuedPod pod, ulong rejecting, ulong pending)
    {
        pod.Queued = time.GetUtcNow();
        (pod.Rejecting, pod.Pending) = (rejecting, pending);
        pod.ErrorCount = 0;
        pod.UnschedulableCount++;
        Enter(pod, Place.Unschedulable);
        unschedulable.Add(pod);
    }

    /// <summary>Puts a pod back whose attempt broke: it is tried again after a backoff.</summary>
    public void PutFailed(QueuedPod pod)
    {
        pod.Queued = time.GetUtcNow();
        (pod.Rejecting, pod.Pending) = (0, 0);
        pod.ErrorCount++;
        BackOff(pod, Place.ErrorBackoff);
    }

    /// <summary>Tries all pods anew that the event may have made fit.</summary>
    public void Move(ClusterEvent what)
    {
        if (unschedulable.Count == 0) return;
        moving.AddRange(unschedulable);
        moving.Sort(static (a, b) => a.Stamp.CompareTo(b.Stamp)); // an order that does not depend on hash codes
        foreach (var pod in moving) Move(pod, what);
        moving.Clear();
    }

    private void Move(QueuedPod pod, ClusterEvent what)
    {
        if (pod.IsBusy) return;
        if (pod.GatedBy is { } gate)
        {
            if (Wakes(pod, gate.Slot, what)) Activate(pod);
            return;
        }
        if (!IsWorthIt(pod, what, out var atOnce)) return;
        if (!atOnce && BackoffEnd(pod) > time.GetUtcNow()) BackOff(pod, Place.Backoff);
        else Activate(pod);
    }

    /// <summary>One of the plugins that rejected the pod says that the event may help; at once when it waited for just this.</summary>
    private static bool IsWorthIt(QueuedPod pod, ClusterEvent what, out bool atOnce)
    {
        atOnce = false;
        if ((pod.Rejecting | pod.Pending) == 0) return true; // not rejected by plugins: there were no nodes
        var worth = false;
        for (var (set, slot) = (pod.Rejecting | pod.Pending, 0); set != 0; set >>= 1, slot++)
        {
            if ((set & 1) == 0 || !Wakes(pod, slot, what)) continue;
            worth = true;
            if ((pod.Pending >> slot & 1) != 0) return atOnce = true;
        }
        return worth;
    }

    private static bool Wakes(QueuedPod pod, int slot, ClusterEvent what)
    {
        if (what.Change == ClusterChange.Timeout) return true;
        foreach (var hint in pod.Profile.Hints[slot])
            if ((hint.Changes & what.Change) != 0 && (hint.IsWorthIt is null || hint.IsWorthIt(pod.Info, what))) return true;
        return false;
    }

    /// <summary>PostFilter work for the pod has ended: it may be tried.</summary>
    public void Release(QueuedPod pod)
    {
        pod.IsBusy = false;
        if (pod.Place != Place.Unschedulable) return;
        if (BackoffEnd(pod) > time.GetUtcNow()) BackOff(pod, Place.Backoff);
        else Activate(pod);
    }

    /// <summary>Moves on what time has come for: ended backoffs, and pods that have been unschedulable for too long.</summary>
    public void Flush()
    {
        var now = time.GetUtcNow();
        FlushBackoff(backoff, now);
        FlushBackoff(errorBackoff, now);
        if (now - flushed < FlushEvery) return;
        flushed = now;
        foreach (var pod in unschedulable)
            if (pod.GatedBy is null && now - pod.Queued > options.UnschedulableLimit) moving.Add(pod);
        moving.Sort(static (a, b) => a.Stamp.CompareTo(b.Stamp));
        foreach (var pod in moving) Move(pod, new(ClusterChange.Timeout));
        moving.Clear();
    }

    private void FlushBackoff(PriorityQueue<Entry, (long Until, long Order)> heap, DateTimeOffset now)
    {
        while (heap.TryPeek(out var entry, out var at))
        {
            if (IsCurrent(entry) && at.Until > now.UtcTicks) return;
            heap.Dequeue();
            if (IsCurrent(entry)) Activate(entry.Pod);
        }
    }

    /// <summary>How long until <see cref="Flush"/> has something to do; null when nothing waits for time.</summary>
    public TimeSpan? UntilFlush
    {
        get
        {
            var now = time.GetUtcNow().UtcTicks;
            var due = long.MaxValue;
            if (backoff.TryPeek(out _, out var at)) due = at.Until;
            if (errorBackoff.TryPeek(out _, out at)) due = Math.Min(due, at.Until);
            if (unschedulable.Count > 0) due = Math.Min(due, (flushed + FlushEvery).UtcTicks);
            return due == long.MaxValue ? null : TimeSpan.FromTicks(Math.Max(0, due - now));
        }
    }

    // Places

    private static bool IsCurrent(Entry entry) => entry.Pod.Stamp == entry.Stamp && entry.Pod.Place is Place.Active or Place.Backoff or Place.ErrorBackoff;

    private void Activate(QueuedPod pod)
    {
        foreach (var (plugin, point) in pod.Profile.PreEnqueue)
        {
            if (point.PreEnqueue(pod.Pod).IsOk) continue;
            pod.GatedBy = plugin;
            Enter(pod, Place.Unschedulable);
            unschedulable.Add(pod);
            return;
        }
        pod.GatedBy = null;
        Enter(pod, Place.Active);
        ActiveCount++;
        var entry = new Entry(pod, pod.Stamp);
        active.Enqueue(entry, entry);
    }

    private void BackOff(QueuedPod pod, Place place)
    {
        Enter(pod, place);
        BackoffCount++;
        (place == Place.Backoff ? backoff : errorBackoff).Enqueue(new(pod, pod.Stamp), (BackoffEnd(pod).UtcTicks, pod.Stamp));
    }

    private void Enter(QueuedPod pod, Place place)
    {
        Leave(pod);
        pod.Place = place;
        pod.Stamp = ++stamps;
    }

    private void Leave(QueuedPod pod)
    {
        if (pod.Place == Place.Unschedulable) unschedulable.Remove(pod);
        if (pod.Place == Place.Active) ActiveCount--;
        if (pod.Place is Place.Backoff or Place.ErrorBackoff) BackoffCount--;
    }

    /// <summary>1 s, 2 s, 4 s, 8 s, 10 s..., by the failures in a row if the last one was an error, else by the attempts that found no node.</summary>
    private DateTimeOffset BackoffEnd(QueuedPod pod)
    {
        var count = pod.ErrorCount > 0 ? pod.ErrorCount : pod.UnschedulableCount;
        if (count == 0) return pod.Queued;
        var wait = options.BackoffInitial;
        for (var i = 1; i < count && wait < options.BackoffMax; i++) wait *= 2;
        return pod.Queued + (wait < options.BackoffMax ? wait : options.BackoffMax);
    }
}

/// <summary>How long pods wait.</summary>
public sealed record SchedulingQueueOptions
{
    public TimeSpan BackoffInitial { get; init; } = TimeSpan.FromSeconds(1);
    public TimeSpan BackoffMax { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A pod is tried anew after so long even when nothing happened.</summary>
    public TimeSpan UnschedulableLimit { get; init; } = TimeSpan.FromMinutes(5);
}
