using System.Text.Json.Nodes;
using Coracle.Kinds.Defaulting;
using Coracle.Kinds.Meta.V1;
using Coracle.Kinds.Printing;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>Nodes beyond their schema.</summary>
public sealed partial class NodeRules : KindRules<Node>
{
    public override bool KeepsStatusOnCreate => true;

    private const string RolePrefix = "node-role.kubernetes.io/";
    private const string RoleLabel = "kubernetes.io/role";

    public override void Default(JsonObject obj)
    {
        Singular.Align(obj.Child("spec"), "podCIDR", "podCIDRs");
        if (obj.Child("status") is not { } status) return;
        ResourceRounding.List(status.Child("capacity"));
        ResourceRounding.List(status.Child("allocatable"));
        if (!status.IsSet("allocatable") && status["capacity"] is { } capacity) status["allocatable"] = capacity.DeepClone();
    }

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        CommonColumns.Name,
        CommonColumns.Text("Status", "Whether the node is ready, and whether it takes new pods."),
        CommonColumns.Text("Roles", "Roles that the node's labels give it."),
        CommonColumns.Age,
        CommonColumns.Text("Version", "Version of the node's agent."),
        CommonColumns.Wide("Internal-IP", "The node's address inside the cluster."),
        CommonColumns.Wide("External-IP", "The node's address as seen from outside."),
        CommonColumns.Wide("OS-Image", "The operating system as it names itself."),
        CommonColumns.Wide("Kernel-Version", "Version of the kernel."),
        CommonColumns.Wide("Container-Runtime", "Name and version of what runs the containers."),
    ];

    public override IReadOnlyList<object?> Cells(Node obj, DateTimeOffset now)
    {
        var info = obj.Status.NodeInfo;
        return
        [
            obj.Metadata.Name, Status(obj), Cell.OrNone(string.Join(',', Roles(obj))), Cell.Age(obj.Metadata, now), info.KubeletVersion,
            Address(obj, NodeAddressType.InternalIP), Address(obj, NodeAddressType.ExternalIP),
            Cell.OrUnknown(info.OsImage), Cell.OrUnknown(info.KernelVersion), Cell.OrUnknown(info.ContainerRuntimeVersion),
        ];
    }

    private static string Status(Node node)
    {
        var ready = node.Status.Conditions?.FindLast(c => c.Type == NodeConditionType.Ready) switch
        {
            null => "Unknown",
            { Status: ConditionStatus.True } => "Ready",
            _ => "NotReady",
        };
        return node.Spec.Unschedulable ? ready + ",SchedulingDisabled" : ready;
    }

    private static SortedSet<string> Roles(Node node)
    {
        var roles = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (key, value) in node.Metadata.Labels ?? [])
        {
            if (key.StartsWith(RolePrefix, StringComparison.Ordinal) && key.Length > RolePrefix.Length) roles.Add(key[RolePrefix.Length..]);
            else if (key == RoleLabel && value.Length > 0) roles.Add(value);
        }
        return roles;
    }

    private static string Address(Node node, string type) => node.Status.Addresses?.Find(a => a.Type == type)?.Address ?? "<none>";
}
