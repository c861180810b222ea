namespace Coracle.Node.Cgroups;

/// <summary>A pod's quality of service, which places its cgroup.</summary>
public enum QosClass
{
    Guaranteed,
    Burstable,
    BestEffort,
}

/// <summary>
/// The cgroups of pods: <c>ROOT/kubepods/pod UID</c> for guaranteed ones, and <c>ROOT/kubepods/burstable/...</c> or
/// <c>.../besteffort/...</c> for others, as a kubelet with the cgroupfs driver has them. The runtime puts containers below.
/// </summary>
/// <param name="root">Empty, or where all of this node's are: <c>ContainerdLayout.CgroupRoot</c>.</param>
public sealed class PodCgroups(CgroupHierarchy hierarchy, string root)
{
    /// <summary>All pods together: give it the node's allocatable resources.</summary>
    public string Pods => $"{root}/kubepods";

    /// <summary>The pods of one class together.</summary>
    public string Class(QosClass qos) => qos switch
    {
        QosClass.Burstable => $"{Pods}/burstable",
        QosClass.BestEffort => $"{Pods}/besteffort",
        _ => Pods,
    };

    /// <summary>A pod's own: what its sandbox gets as cgroup_parent.</summary>
    public string Pod(QosClass qos, string uid) => $"{Class(qos)}/pod{uid}";

    /// <summary>Makes a pod's cgroup, or changes its limits. Idempotent.</summary>
    public string Apply(QosClass qos, string uid, CgroupLimits limits)
    {
        var cgroup = Pod(qos, uid);
        hierarchy.Create(cgroup);
        limits.Apply(hierarchy, cgroup);
        return cgroup;
    }

    /// <summary>Makes the cgroups of the classes (or of all pods, with <see cref="QosClass.Guaranteed"/>), or changes their limits. Idempotent.</summary>
    public void ApplyToClass(QosClass qos, CgroupLimits limits)
    {
        hierarchy.Create(Class(qos));
        limits.Apply(hierarchy, Class(qos));
    }

    /// <summary>Kills what is left of a pod and removes its cgroup, in whichever class it is. Idempotent.</summary>
    public async Task Remove(string uid, TimeProvider time, CancellationToken cancel)
    {
        foreach (var qos in Enum.GetValues<QosClass>())
            await hierarchy.Remove(Pod(qos, uid), time, cancel);
    }

    /// <summary>The pods that have a cgroup, by uid.</summary>
    public IEnumerable<(QosClass Qos, string Uid)> List() => Enum.GetValues<QosClass>().SelectMany(qos => hierarchy.Children(Class(qos))
        .Where(name => name.StartsWith("pod", StringComparison.Ordinal)).Select(name => (qos, name[3..])));

    /// <summary>What a pod uses; null when it has no cgroup.</summary>
    public CgroupUsage? Usage(QosClass qos, string uid) => CgroupUsage.Read(hierarchy, Pod(qos, uid));
}
