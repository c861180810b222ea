using System.Text.Json.Nodes;
using Coracle.Kinds.Printing;
using Coracle.Kinds.Validation;
using Coracle.Schema;

namespace Coracle.Kinds.Networking.V1;

/// <summary>Addresses of services beyond their schema (upstream: apis/networking/validation, ValidateIPAddress).</summary>
public sealed class IPAddressRules : KindRules<IPAddress>
{
    private static readonly FieldPath ParentPath = FieldPath.Of("spec") / "parentRef";

    /// <summary>The name is the address, in the one form that it has.</summary>
    public override IReadOnlyList<string> NameProblems(string name, bool isPrefix) => IpRules.Address(name);

    public override void Validate(IPAddress obj, FieldErrors errors)
    {
        if (obj.Spec.ParentRef is not { } parent)
        {
            errors.Required(ParentPath);
            return;
        }
        if (parent.Group.Length > 0) errors.Subdomain(ParentPath / "group", parent.Group);
        errors.Segment(ParentPath / "resource", parent.Resource);
        errors.Segment(ParentPath / "name", parent.Name);
        if (parent.Namespace.Length > 0) errors.Problems(ParentPath / "namespace", parent.Namespace, NameRules.PathSegment(parent.Namespace));
    }

    public override void ValidateUpdate(IPAddress obj, IPAddress old, string subresource, FieldErrors errors)
    {
        Validate(obj, errors);
        var (parent, before) = (obj.Spec.ParentRef, old.Spec.ParentRef);
        if (parent is null ? before is null : parent.ContentEquals(before)) return;
        // Shown as upstream's internal type shows itself.
        var shown = parent is null ? null : new JsonObject { ["Group"] = parent.Group, ["Resource"] = parent.Resource, ["Namespace"] = parent.Namespace, ["Name"] = parent.Name };
        errors.Invalid(ParentPath, shown, Checks.Immutable);
    }

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        CommonColumns.Name,
        CommonColumns.Text("ParentRef", "The object that has the address."),
        CommonColumns.Age,
    ];

    public override IReadOnlyList<object?> Cells(IPAddress obj, DateTimeOffset now) => [obj.Metadata.Name, Parent(obj.Spec.ParentRef), Cell.Age(obj.Metadata, now)];

    private static string Parent(ParentReference? parent)
    {
        if (parent is null) return "<none>";
        var resource = (parent.Group.Length > 0 ? $"{parent.Resource}.{parent.Group}" : parent.Resource).ToLowerInvariant();
        return parent.Namespace.Length > 0 ? $"{resource}/{parent.Namespace}/{parent.Name}" : $"{resource}/{parent.Name}";
    }
}
