using System.Text.Json.Nodes;
using Coracle.Kinds.Defaulting;
using Coracle.Kinds.Validation;
using Coracle.Schema;

namespace Coracle.Kinds.Resource.V1;

/// <summary>What claims and their templates ask for (upstream: apis/resource/validation, validateDeviceClaim).</summary>
internal static class ClaimSpecChecks
{
    private const int ConstraintsMax = 32;
    private const int AlternativesMax = 8;
    private const string NoRequest = "must be the name of a request in the claim or the name of a request and a subrequest separated by '/'";

    /// <summary>One device, unless the request says otherwise.</summary>
    internal static void Default(JsonObject? spec)
    {
        foreach (var request in spec.Child("devices").Items("requests"))
        {
            if (request.Child("exactly") is { } exactly) Amount(exactly);
            foreach (var alternative in request.Items("firstAvailable")) Amount(alternative);
        }
    }

    private static void Amount(JsonObject request)
    {
        request.TextOr("allocationMode", DeviceAllocationMode.ExactCount);
        if (request.Text("allocationMode") == DeviceAllocationMode.ExactCount && request.Number("count") == 0) request["count"] = 1L;
    }

    internal static void Check(DeviceClaim claim, FieldPath path, FieldErrors errors)
    {
        var requests = claim.Requests ?? [];
        if (DeviceChecks.Fits(requests.Count, DeviceChecks.RequestsMax, path / "requests", errors))
        {
            for (var i = 0; i < requests.Count; i++) Request(requests[i], (path / "requests")[i], errors);
            DeviceChecks.Distinct([.. requests.Select(r => r.Name)], path / "requests", errors);
        }
        if (DeviceChecks.Fits(claim.Constraints?.Count, ConstraintsMax, path / "constraints", errors))
            for (var i = 0; i < (claim.Constraints?.Count ?? 0); i++) Constraint(claim.Constraints![i], claim, (path / "constraints")[i], errors);
        if (DeviceChecks.Fits(claim.Config?.Count, DeviceChecks.ConfigMax, path / "config", errors))
            for (var i = 0; i < (claim.Config?.Count ?? 0); i++)
            {
                References(claim.Config![i].Requests, claim, (path / "config")[i] / "requests", errors);
                DeviceChecks.Configuration(claim.Config[i].Opaque, (path / "config")[i], errors);
            }
    }

    private static void Request(DeviceRequest request, FieldPath path, FieldErrors errors)
    {
        errors.Label(path / "name", request.Name);
        switch (request.Exactly, request.FirstAvailable)
        {
            case (not null, { Count: > 0 }):
                errors.Invalid(path, null, "exactly one of `exactly` or `firstAvailable` is required, but multiple fields are set");
                break;
            case ({ } exactly, _):
                Body(exactly.DeviceClassName, exactly.Selectors, exactly.AllocationMode, exactly.Count, exactly.Tolerations, path / "exactly", errors);
                break;
            case (_, { Count: > 0 } alternatives):
                path /= "firstAvailable";
                if (!DeviceChecks.Fits(alternatives.Count, AlternativesMax, path, errors)) break;
                for (var i = 0; i < alternatives.Count; i++) Alternative(alternatives[i], path[i], errors);
                DeviceChecks.Distinct([.. alternatives.Select(a => a.Name)], path, errors);
                break;
            default:
                errors.Required(path, "exactly one of `exactly` or `firstAvailable` is required");
                break;
        }
    }

    private static void Alternative(DeviceSubRequest request, FieldPath path, FieldErrors errors)
    {
        errors.Label(path / "name", request.Name);
        Body(request.DeviceClassName, request.Selectors, request.AllocationMode, request.Count, request.Tolerations, path, errors);
    }

    private static void Body(
        string deviceClass, List<DeviceSelector>? selectors, string mode, long count, List<DeviceToleration>? tolerations, FieldPath path, FieldErrors errors)
    {
        if (deviceClass.Length == 0) errors.Required(path / "deviceClassName");
        else errors.Subdomain(path / "deviceClassName", deviceClass);
        DeviceChecks.Selectors(selectors, path / "selectors", errors);
        switch (mode)
        {
            case DeviceAllocationMode.All:
                if (count != 0) errors.Invalid(path / "count", count, $"must not be specified when allocationMode is '{mode}'");
                break;
            case DeviceAllocationMode.ExactCount:
                if (count <= 0) errors.Invalid(path / "count", count, Checks.Positive);
                break;
            default:
                errors.NotSupported(path / "allocationMode", mode, [DeviceAllocationMode.All, DeviceAllocationMode.ExactCount]);
                break;
        }
        for (var i = 0; i < (tolerations?.Count ?? 0); i++) Toleration(tolerations![i], (path / "tolerations")[i], errors);
    }

    private static void Toleration(DeviceToleration toleration, FieldPath path, FieldErrors errors)
    {
        if (toleration.Key.Length > 0) errors.QualifiedName(path / "key", toleration.Key);
        switch (toleration.Operator)
        {
            case DeviceTolerationOperator.Exists:
                if (toleration.Value.Length > 0) errors.Invalid(path / "value", toleration.Value, "must be empty for operator `Exists`");
                break;
            case DeviceTolerationOperator.Equal:
                errors.Problems(path / "value", toleration.Value, NameRules.LabelValue(toleration.Value));
                break;
            case "":
                errors.Required(path / "operator");
                break;
            default:
                errors.NotSupported(path / "operator", toleration.Operator, [DeviceTolerationOperator.Equal, DeviceTolerationOperator.Exists]);
                break;
        }
        if (toleration.Effect.Length > 0) DeviceChecks.Effect(toleration.Effect, path / "effect", errors);
    }

    private static void Constraint(DeviceConstraint constraint, DeviceClaim claim, FieldPath path, FieldErrors errors)
    {
        References(constraint.Requests, claim, path / "requests", errors);
        if (constraint.MatchAttribute is { } match) DeviceChecks.FullyQualifiedName(match, path / "matchAttribute", errors);
        else if (constraint.DistinctAttribute is { } distinct) DeviceChecks.FullyQualifiedName(distinct, path / "distinctAttribute", errors);
        else errors.Required(path, "exactly one of \"matchAttribute\" or \"distinctAttribute\" is required, but multiple fields are set");
    }

    internal static void References(List<string>? names, DeviceClaim claim, FieldPath path, FieldErrors errors)
    {
        if (!DeviceChecks.Fits(names?.Count, DeviceChecks.RequestsMax, path, errors)) return;
        for (var i = 0; i < (names?.Count ?? 0); i++) Reference(names![i], claim, path[i], errors);
        DeviceChecks.Distinct(names, path, errors);
    }

    /// <summary>A request of the claim, or an alternative of one.</summary>
    internal static void Reference(string name, DeviceClaim claim, FieldPath path, FieldErrors errors)
    {
        var parts = name.Split('/');
        if (parts.Length <= 2)
            foreach (var part in parts) errors.Label(path, part);
        var request = claim.Requests?.Find(r => r.Name == parts[0]);
        var known = request is not null && (parts.Length == 1 || parts.Length == 2 && request.FirstAvailable?.Exists(a => a.Name == parts[1]) == true);
        if (!known) errors.Invalid(path, name, NoRequest);
    }
}
