using System.Text.Json.Nodes;
using Coracle.Kinds.Defaulting;
using Coracle.Kinds.Meta.V1;
using Coracle.Kinds.Printing;
using Coracle.Kinds.Validation;
using Coracle.Schema;

namespace Coracle.Kinds.ApiRegistration.V1;

/// <summary>API services beyond their schema (upstream: kube-aggregator, apis/apiregistration/validation and registry/apiservice).</summary>
public sealed class APIServiceRules : KindRules<APIService>
{
    /// <summary>The condition that says whether a version can be reached.</summary>
    public const string Available = "Available";

    private const int GroupPriorityMax = 20000;
    private const int VersionPriorityMax = 1000;
    private static readonly FieldPath SpecPath = FieldPath.Of("spec");

    public override IReadOnlyList<string> NameProblems(string name, bool isPrefix) => NameRules.PathSegment(name);

    /// <summary>What the server serves itself can be reached from the first moment.</summary>
    public override void PrepareForCreate(JsonObject obj)
    {
        if (obj.Child("spec").IsSet("service")) return;
        obj.ChildOrNew("status")["conditions"] = new JsonArray(new JsonObject
        {
            ["type"] = Available,
            ["status"] = ConditionStatus.True,
            ["lastTransitionTime"] = obj.Child("metadata")?["creationTimestamp"]?.DeepClone(),
            ["reason"] = "Local",
            ["message"] = "Local APIServices are always available",
        });
    }

    /// <summary>Who writes a status leaves the labels as they are.</summary>
    public override void PrepareForUpdate(JsonObject obj, JsonObject old, string subresource)
    {
        if (subresource != "status") return;
        foreach (var field in (ReadOnlySpan<string>)["labels", "annotations"])
        {
            var metadata = obj.ChildOrNew("metadata");
            metadata.Remove(field);
            if (old.Child("metadata")?[field] is { } before) metadata[field] = before.DeepClone();
        }
    }

    public override void Validate(APIService obj, FieldErrors errors)
    {
        var spec = obj.Spec;
        var name = $"{spec.Version}.{spec.Group}";
        if (obj.Metadata.Name != name) errors.Invalid(FieldPath.Of("metadata") / "name", obj.Metadata.Name, $"must be `spec.version+\".\"+spec.group`: {GoText.Quote(name)}");
        if (spec.Group.Length == 0 && spec.Version != "v1") errors.Required(SpecPath / "group", "only v1 may have an empty group and it better be legacy kube");
        if (spec.Group.Length > 0) errors.Subdomain(SpecPath / "group", spec.Group);
        errors.Problems(SpecPath / "version", spec.Version, NameRules.Dns1035Label(spec.Version));
        if (spec.GroupPriorityMinimum is <= 0 or > GroupPriorityMax)
            errors.Invalid(SpecPath / "groupPriorityMinimum", spec.GroupPriorityMinimum, $"must be positive and less than {GroupPriorityMax}");
        if (spec.VersionPriority is <= 0 or > VersionPriorityMax)
            errors.Invalid(SpecPath / "versionPriority", spec.VersionPriority, $"must be positive and less than {VersionPriorityMax}");
        if (spec.Service is { } service) Remote(spec, service, errors);
        else Local(spec, errors);
    }

    public override void ValidateUpdate(APIService obj, APIService old, string subresource, FieldErrors errors)
    {
        if (subresource != "status")
        {
            Validate(obj, errors);
            return;
        }
        for (var i = 0; i < (obj.Status.Conditions?.Count ?? 0); i++)
            errors.OneOf((FieldPath.Of("status") / "conditions")[i] / "status", obj.Status.Conditions![i].Status, ConditionStatus.True, ConditionStatus.False, ConditionStatus.Unknown);
    }

    private static void Local(APIServiceSpec spec, FieldErrors errors)
    {
        if (spec.CaBundle is { Length: > 0 and var length }) errors.Invalid(SpecPath / "caBundle", $"{length} bytes", "local APIServices may not have a caBundle");
        if (spec.InsecureSkipTLSVerify) errors.Invalid(SpecPath / "insecureSkipTLSVerify", true, "local APIServices may not have insecureSkipTLSVerify");
    }

    private static void Remote(APIServiceSpec spec, ServiceReference service, FieldErrors errors)
    {
        errors.RequiredText(SpecPath / "service" / "namespace", service.Namespace);
        errors.RequiredText(SpecPath / "service" / "name", service.Name);
        if (NameRules.PortNumber(service.Port ?? 0) is { Count: > 0 } problems)
            errors.Invalid(SpecPath / "service" / "port", service.Port ?? 0, "port is not valid: " + string.Join(", ", problems));
        if (spec.InsecureSkipTLSVerify && spec.CaBundle is { Length: > 0 }) errors.Invalid(SpecPath / "insecureSkipTLSVerify", true, "may not be true if caBundle is present");
    }

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        CommonColumns.Name,
        CommonColumns.Text("Service", "The service that serves the version."),
        CommonColumns.Text("Available", "Whether it can be reached."),
        CommonColumns.Age,
    ];

    public override IReadOnlyList<object?> Cells(APIService obj, DateTimeOffset now) =>
    [
        obj.Metadata.Name,
        obj.Spec.Service is { } service ? $"{service.Namespace}/{service.Name}" : "Local",
        Status(obj.Status.Conditions?.Find(c => c.Type == Available)),
        Cell.Age(obj.Metadata, now),
    ];

    private static string Status(APIServiceCondition? condition) => condition switch
    {
        null => ConditionStatus.Unknown,
        { Status: ConditionStatus.True } or { Reason: "" } => condition.Status,
        _ => $"{condition.Status} ({condition.Reason})",
    };
}
