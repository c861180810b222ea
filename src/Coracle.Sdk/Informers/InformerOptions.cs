namespace Coracle.Sdk;

/// <summary>How informers treat their connections. The defaults suit all but tests.</summary>
public sealed record InformerOptions
{
    /// <summary>Objects per page of a list; 0 lists at once.</summary>
    public int PageSize { get; init; } = 500;

    /// <summary>Fill the cache from the watch (sendInitialEvents) instead of a list.</summary>
    public bool StreamInitialList { get; init; }

    /// <summary>The server is asked to end a watch after this much, to twice this much.</summary>
    public TimeSpan WatchTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>A watch that says nothing for so long (servers send bookmarks every minute) is taken for dead and opened anew.</summary>
    public TimeSpan SilenceLimit { get; init; } = TimeSpan.FromSeconds(150);

    /// <summary>A list page or the opening of a watch must be done in this time.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The wait after the first failure; doubled with each, up to <see cref="BackoffMax"/>, each lengthened by up to its double.</summary>
    public TimeSpan BackoffInitial { get; init; } = TimeSpan.FromMilliseconds(200);
    /// <summary>The longest wait, before it is lengthened.</summary>
    public TimeSpan BackoffMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>So long without a failure, and the next wait is the first again.</summary>
    public TimeSpan BackoffReset { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Notice when cached objects are changed, which nobody may: <see cref="InformerSet.CheckForMutations"/>. For tests; doubles the memory.</summary>
    public bool DetectMutations { get; init; }

    /// <summary>Keep metadata.managedFields in cached objects. Off: a fifth less memory, and updates made from cached objects leave them as they are.</summary>
    public bool KeepManagedFields { get; init; }
}
