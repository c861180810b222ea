namespace Coracle.Controllers.Scheduling;

/// <summary>A plugin of a profile.</summary>
/// <param name="Plugin">The plugin.</param>
/// <param name="Weight">What its scores are multiplied by, when it scores.</param>
public readonly record struct ProfileEntry(Plugin Plugin, int Weight = 1);

/// <summary>
/// A way of scheduling: plugins in the order in which each extension point calls them, for the pods that name it in spec.schedulerName
/// (KubeSchedulerProfile).
/// </summary>
public sealed class Profile
{
    /// <summary>As many plugins as bits of the sets of plugins.</summary>
    private const int MaxPlugins = 64;

    public Profile(string name, IReadOnlyList<ProfileEntry> entries)
    {
        if (entries.Count > MaxPlugins) throw new ArgumentException($"a profile has at most {MaxPlugins} plugins");
        Name = name;
        Plugins = [.. entries.Select(e => e.Plugin)];
        for (var i = 0; i < Plugins.Length; i++)
        {
            if (Plugins[i].Slot >= 0) throw new ArgumentException($"the plugin {Plugins[i].Name} is part of a profile already");
            Plugins[i].Slot = i;
        }
        Sort = Of<IQueueSort>().Single().Point;
        PreEnqueue = Of<IPreEnqueue>();
        PreFilter = Of<IPreFilter>();
        Filter = Of<IFilter>();
        PostFilter = Of<IPostFilter>();
        PreScore = Of<IPreScore>();
        Score = [.. entries.Where(e => e.Plugin is IScore).Select(e => new Scorer(e.Plugin, (IScore)e.Plugin, e.Plugin as INormalizeScore, e.Weight))];
        Reserve = Of<IReserve>();
        Permit = Of<IPermit>();
        PreBind = Of<IPreBind>();
        Bind = Of<IBind>();
        PostBind = Of<IPostBind>();
        Hints = [.. Plugins.Select(p => p.Events.ToArray())];
        foreach (var hint in Hints.SelectMany(h => h)) Interesting |= hint.Changes;
    }

    public string Name { get; }
    internal Plugin[] Plugins { get; }
    internal IQueueSort Sort { get; }
    internal At<IPreEnqueue>[] PreEnqueue { get; }
    internal At<IPreFilter>[] PreFilter { get; }
    internal At<IFilter>[] Filter { get; }
    internal At<IPostFilter>[] PostFilter { get; }
    internal At<IPreScore>[] PreScore { get; }
    internal Scorer[] Score { get; }
    internal At<IReserve>[] Reserve { get; }
    internal At<IPermit>[] Permit { get; }
    internal At<IPreBind>[] PreBind { get; }
    internal At<IBind>[] Bind { get; }
    internal At<IPostBind>[] PostBind { get; }

    /// <summary>By slot.</summary>
    internal EventHint[][] Hints { get; }

    /// <summary>Events that any plugin names.</summary>
    internal ClusterChange Interesting { get; }

    private At<T>[] Of<T>() where T : class => [.. Plugins.Where(p => p is T).Select(p => new At<T>(p, (p as T)!))];

    /// <summary>The names of a set of plugins.</summary>
    internal IEnumerable<string> NamesOf(ulong set) => Plugins.Where(p => (set & p.Bit) != 0).Select(p => p.Name);
}

/// <summary>A plugin at an extension point.</summary>
internal readonly record struct At<T>(Plugin Plugin, T Point);

internal readonly record struct Scorer(Plugin Plugin, IScore Point, INormalizeScore? Normalize, int Weight);
