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

    public override IReadOnlyList<TableColumn> Columns { get; } =
        [CommonColumns.Name, CommonColumns.Text("Status", "Active, or Terminating while its content is being deleted."), CommonColumns.Age];

    public override IReadOnlyList<object?> Cells(Namespace obj, DateTimeOffset now) =>
        [obj.Metadata.Name, obj.Status.Phase, Cell.Age(obj.Metadata, now)];
}
