using System.Text.Json.Nodes;
using Coracle.Kinds.Printing;
using Coracle.Kinds.Validation;
using Coracle.Schema;

namespace Coracle.Kinds.Networking.V1;

/// <summary>Ranges of services' addresses beyond their schema (upstream: apis/networking/validation, ValidateServiceCIDR).</summary>
public sealed class ServiceCIDRRules : KindRules<ServiceCIDR>
{
    private static readonly FieldPath Path = FieldPath.Of("spec") / "cidrs";

    public override void Validate(ServiceCIDR obj, FieldErrors errors)
    {
        var ranges = obj.Spec.Cidrs ?? [];
        if (ranges.Count == 0)
        {
            errors.Required(Path, "at least one CIDR required");
            return;
        }
        if (ranges.Count > 2)
        {
            errors.Invalid(Path, new JsonObject { ["CIDRs"] = Checks.Shown(ranges) }, "may only hold up to 2 values");
            return;
        }
        for (var i = 0; i < ranges.Count; i++) errors.Problems(Path[i], ranges[i], IpRules.Cidr(ranges[i]));
        if (ranges is [var a, var b] && IpRules.IsRange(a) && IpRules.IsRange(b) && IpRules.IsIPv6Range(a) == IpRules.IsIPv6Range(b))
            errors.Invalid(Path, Checks.Shown(ranges), "may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64");
    }

    public override void ValidateUpdate(ServiceCIDR obj, ServiceCIDR old, string subresource, FieldErrors errors)
    {
        if (subresource == "status") return;
        var (ranges, before) = (obj.Spec.Cidrs ?? [], old.Spec.Cidrs ?? []);
        if (ranges.Count == before.Count)
        {
            for (var i = 0; i < ranges.Count; i++)
                if (ranges[i] != before[i]) errors.Invalid(Path[i], ranges[i], Checks.Immutable);
        }
        else if (before.Count == 1 && ranges.Count == 2)
        {
            if (ranges[0] != before[0]) errors.Invalid(Path[0], ranges[0], Checks.Immutable);
            Validate(obj, errors);
        }
        else errors.Invalid(Path, Checks.Shown(ranges), Checks.Immutable);
    }

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        CommonColumns.Name,
        CommonColumns.Text("CIDRs", "The ranges."),
        CommonColumns.Age,
    ];

    public override IReadOnlyList<object?> Cells(ServiceCIDR obj, DateTimeOffset now) =>
        [obj.Metadata.Name, string.Join(',', obj.Spec.Cidrs ?? []), Cell.Age(obj.Metadata, now)];
}
