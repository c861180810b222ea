using Coracle.Kinds.Core.V1;

namespace Coracle.Controllers.Scheduling;

/// <summary>Brings what the caches tell into the cluster's state and the queue, and tries those pods anew that a change may help (eventhandlers.go).</summary>
internal sealed class ClusterFollower(ClusterState cluster, SchedulingQueue queue, Nominations nominations, Dictionary<string, Profile> profiles)
{
    private readonly ClusterChange interesting = profiles.Values.Aggregate(ClusterChange.None, (all, p) => all | p.Interesting);

    public void NodeChanged(Node? old, Node? now)
    {
        if (now is null)
        {
            cluster.RemoveNode(old!.Metadata.Name);
            Move(new(ClusterChange.NodeDeleted) { OldNode = old });
            return;
        }
        var changes = old is null ? ClusterChange.NodeAdded : Changes.Of(old, now);
        cluster.SetNode(now);
        if (changes != ClusterChange.None) Move(new(changes) { OldNode = old, NewNode = now });
    }

    public void NamespaceChanged(string name, Namespace? now)
    {
        if (now is null) cluster.RemoveNamespace(name);
        else cluster.SetNamespace(name, now.Metadata.Labels);
    }

    public void PodChanged(Pod? old, Pod? now)
    {
        if (now is null || now.Status.Phase is PodPhase.Succeeded or PodPhase.Failed)
        {
            Remove(now ?? old!);
            return;
        }
        if (now.Spec.NodeName.Length > 0) Assigned(now);
        else if (!cluster.Has(now.Metadata.Uid)) Waiting(now);
    }

    /// <summary>The pod has ended, or is gone.</summary>
    private void Remove(Pod pod)
    {
        var uid = pod.Metadata.Uid;
        queue.Remove(uid);
        nominations.Remove(uid);
        if (cluster.Remove(uid) is { } was) Move(new(ClusterChange.AssignedPodDeleted) { OldPod = was });
    }

    private void Assigned(Pod pod)
    {
        var uid = pod.Metadata.Uid;
        queue.Remove(uid);
        nominations.Remove(uid);
        var (known, before) = (cluster.IsAssumed(uid), cluster.Find(uid));
        var info = new PodInfo(pod);
        cluster.Set(info);
        var changes = before is null || known ? ClusterChange.AssignedPodAdded : Changes.OfAssigned(before, info);
        if (changes != ClusterChange.None) Move(new(changes) { OldPod = before, NewPod = info });
    }

    private void Waiting(Pod pod)
    {
        var uid = pod.Metadata.Uid;
        if (!profiles.TryGetValue(pod.Spec.SchedulerName, out var profile)) return;
        if (pod.Metadata.DeletionTimestamp is not null)
        {
            queue.Remove(uid);
            nominations.Remove(uid);
            return;
        }
        var info = new PodInfo(pod);
        var nominated = pod.Status.NominatedNodeName;
        if (queue.Find(uid) is { } queued)
        {
            if (queued.Pod.Status.NominatedNodeName != nominated) nominations.Set(info, nominated);
            queue.Update(queued, info, Changes.OfWaiting(queued.Info, info));
            return;
        }
        nominations.Set(info, nominated); // room was made for it before this scheduler began
        queue.Add(new(info, profile));
    }

    public void Move(ClusterEvent what)
    {
        // Pods that no plugin rejected wait for any event: those that found no nodes at all.
        if ((what.Change & (interesting | ClusterChange.AnyNode)) != 0) queue.Move(what);
    }
}
