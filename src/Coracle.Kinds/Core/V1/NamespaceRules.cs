using System.Text.Json.Nodes;
using Coracle.Kinds.Defaulting;
using Coracle.Kinds.Printing;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>Namespaces beyond their schema.</summary>
public sealed partial class NamespaceRules : KindRules<Namespace>
{
    /// <summary>The label that carries every namespace's name, so that selectors can name namespaces.</summary>
    public const string NameLabel = "kubernetes.io/metadata.name";

    public override void Default(JsonObject obj)
    {
        var metadata = obj.Child("metadata");
        if (metadata is not null && metadata.Text("name") is { Length: > 0 } name)
            metadata.ChildOrNew("labels")[NameLabel] = name;
    }

    /// <summary>Who empties a namespace before it goes: the namespace controller.</summary>
    public const string Finalizer = "kubernetes";

    public override void PrepareForCreate(JsonObject obj)
    {
        obj.ChildOrNew("status")["phase"] = NamespacePhase.Active;
        var spec = obj.ChildOrNew("spec");
        if (spec["finalizers"] is not JsonArray finalizers) spec["finalizers"] = finalizers = [];
        if (!finalizers.Any(static f => (string?)f == Finalizer)) finalizers.Add((JsonNode)Finalizer);
    }

    // The list of finalizers has a sub-resource of its own.
    public override void PrepareForUpdate(JsonObject obj, JsonObject old, string subresource)
    {
        if (subresource == "finalize") return;
        if (old.Child("spec")?["finalizers"] is { } finalizers) obj.ChildOrNew("spec")["finalizers"] = finalizers.DeepClone();
        else obj.Child("spec")?.Remove("finalizers");
    }

    public override void BeginDelete(JsonObject obj) => obj.ChildOrNew("status")["phase"] = NamespacePhase.Terminating;

    public override bool MayRemove(JsonObject obj) => !obj.Child("spec").HasAny("finalizers");

    public override IReadOnlyList<TableColumn> Columns { get; } =
        [CommonColumns.Name, CommonColumns.Text("Status", "Active, or Terminating while its content is being deleted."), CommonColumns.Age];

    public override IReadOnlyList<object?> Cells(Namespace obj, DateTimeOffset now) =>
        [obj.Metadata.Name, obj.Status.Phase, Cell.Age(obj.Metadata, now)];
}
