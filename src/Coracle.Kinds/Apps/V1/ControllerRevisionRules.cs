using Coracle.Kinds.Meta.V1;
using Coracle.Kinds.Printing;
using Coracle.Schema;

namespace Coracle.Kinds.Apps.V1;

/// <summary>Controller revisions beyond their schema.</summary>
public sealed partial class ControllerRevisionRules : KindRules<ControllerRevision>
{
    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        CommonColumns.Name,
        CommonColumns.Text("Controller", "The object whose past state this is."),
        CommonColumns.Text("Revision", "Number of the state; later ones are higher."),
        CommonColumns.Age,
    ];

    public override IReadOnlyList<object?> Cells(ControllerRevision obj, DateTimeOffset now) =>
        [obj.Metadata.Name, Controller(obj.Metadata), obj.Revision, Cell.Age(obj.Metadata, now)];

    private static string Controller(ObjectMeta metadata)
    {
        if (metadata.OwnerReferences?.Find(o => o.Controller == true) is not { } owner) return "<none>";
        var slash = owner.ApiVersion.IndexOf('/', StringComparison.Ordinal);
        var kind = slash < 0 ? owner.Kind : $"{owner.Kind}.{owner.ApiVersion[..slash]}";
        return $"{kind.ToLowerInvariant()}/{owner.Name}";
    }
}
