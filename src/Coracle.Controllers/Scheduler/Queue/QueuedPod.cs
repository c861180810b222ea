using Coracle.Kinds.Core.V1;

namespace Coracle.Controllers.Scheduling;

/// <summary>A pod that waits to be scheduled, with its history of attempts.</summary>
public sealed class QueuedPod
{
    internal QueuedPod(PodInfo info, Profile profile) => (Info, Profile) = (info, profile);

    public PodInfo Info { get; internal set; }
    public Pod Pod => Info.Pod;
    public Profile Profile { get; }

    /// <summary>When it was queued, by the clock of <see cref="TimeProvider.GetUtcNow"/>: anew after every attempt.</summary>
    public DateTimeOffset Queued { get; internal set; }

    /// <summary>Attempts so far.</summary>
    public int Attempts { get; internal set; }

    /// <summary>Attempts that ended without a node; and those in a row that ended in errors. Backoff grows with these.</summary>
    public int UnschedulableCount { get; internal set; }
    public int ErrorCount { get; internal set; }

    internal Place Place { get; set; }

    /// <summary>Distinguishes entries of heaps that hold for this pod from those it left behind.</summary>
    internal long Stamp { get; set; }

    internal ulong Rejecting { get; set; }
    internal ulong Pending { get; set; }

    /// <summary>The PreEnqueue plugin that holds it back.</summary>
    internal Plugin? GatedBy { get; set; }

    /// <summary>Its last failure is being written to its status: the binding waits for that, lest the older state come last.</summary>
    internal Task Reporting { get; set; } = Task.CompletedTask;

    /// <summary>PostFilter work under way, such as preemption; it is not tried before that has ended.</summary>
    internal bool IsBusy { get; set; }
}

/// <summary>Where a queued pod is.</summary>
internal enum Place
{
    /// <summary>Not queued: being scheduled, or done with.</summary>
    Out,
    Active,
    Backoff,

    /// <summary>In backoff after an error: not taken early even when nothing else waits.</summary>
    ErrorBackoff,
    Unschedulable,
}
