namespace Coracle.Controllers.Scheduling;

/// <summary>Pods of higher priority first, of the same those that wait for longer.</summary>
public sealed class PrioritySort : Plugin, IQueueSort
{
    public override string Name => "PrioritySort";

    public int Compare(QueuedPod first, QueuedPod second)
    {
        var order = second.Info.Priority.CompareTo(first.Info.Priority);
        return order != 0 ? order : first.Queued.CompareTo(second.Queued);
    }
}
