using Coracle.Kinds.Core.V1;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>How the parts of the control plane do. They are one process with who answers here, so whoever hears the answer knows that they run.</summary>
public static class ComponentStates
{
    public static KeyValuePair<GroupVersionKind, Func<IEnumerable<StoredObject>>> Entry => new(ComponentStatus.Info.GroupVersionKind, static () => All);

    private static readonly IReadOnlyList<StoredObject> All = [Healthy("controller-manager"), Healthy("etcd-0"), Healthy("scheduler")];

    private static StoredObject Healthy(string name) => new("", name, 0, ApiJson.ToBytes(new ComponentStatus
    {
        Metadata = new() { Name = name },
        Conditions = [new() { Type = "Healthy", Status = "True", Message = "ok" }],
    }));
}
