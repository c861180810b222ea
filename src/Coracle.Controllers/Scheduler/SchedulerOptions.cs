namespace Coracle.Controllers.Scheduling;

/// <summary>How the scheduler works. The defaults are upstream's.</summary>
public sealed record SchedulerOptions
{
    /// <summary>Made with the scheduler's client. The queue is sorted as the first profile says.</summary>
    public Func<Sdk.Client, IReadOnlyList<Profile>> Profiles { get; init; } = static client => [DefaultProfile.New(client)];

    /// <summary>So many of the nodes are enough to choose from, in percent; 0 adapts to the size of the cluster.</summary>
    public int PercentageOfNodesToScore { get; init; }

    /// <summary>Bindings under way at once; more pods wait.</summary>
    public int MaxBindings { get; init; } = 1000;

    public SchedulingQueueOptions Queue { get; init; } = new();
}
