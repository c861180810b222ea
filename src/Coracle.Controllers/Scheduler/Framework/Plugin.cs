namespace Coracle.Controllers.Scheduling;

/// <summary>
/// Takes part in scheduling by implementing extension points (<see cref="IFilter"/>, <see cref="IScore"/>...). An instance belongs to one profile.
/// Only what is asynchronous (PreBind, Bind) may wait; all else is called on the scheduling loop and must be quick.
/// </summary>
public abstract class Plugin
{
    /// <summary>As configuration, events and metrics name it.</summary>
    public abstract string Name { get; }

    /// <summary>What may make a pod schedulable that this plugin rejected. A pod whose rejecting plugins name no event waits for the five-minute flush.</summary>
    public virtual IReadOnlyList<EventHint> Events => [];

    /// <summary>The plugin's place among those of its profile: index of its data in a <see cref="CycleState"/>, bit in a set of plugins.</summary>
    internal int Slot { get; set; } = -1;

    internal ulong Bit => 1ul << Slot;
}
