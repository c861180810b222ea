using Coracle.Kinds.Storage.V1;
using Coracle.Kinds.Validation;
using Coracle.Schema;

namespace Coracle.Kinds.Resource.V1;

/// <summary>Rules that the kinds of devices share (upstream: apis/resource/validation).</summary>
internal static class DeviceChecks
{
    internal const int ConfigMax = 32;
    internal const int RequestsMax = 32;
    private const int SelectorsMax = 32;
    private const int ExpressionMax = 10 * 1024;
    private const int ParametersMax = 10 * 1024;
    private const int PoolNameMax = 253;
    private const int IdMax = 32;
    private const int BindingConditionsMax = 4;

    /// <summary>Whether a list is short enough to be looked into.</summary>
    internal static bool Fits(int? count, int max, FieldPath path, FieldErrors errors)
    {
        if (count is not { } number || number <= max) return true;
        errors.TooMany(path, number, max);
        return false;
    }

    internal static void Driver(string name, FieldPath path, FieldErrors errors) => StorageChecks.DriverName(name, path, errors);

    internal static void Pool(string name, FieldPath path, FieldErrors errors)
    {
        if (name.Length == 0)
        {
            errors.Required(path);
            return;
        }
        if (name.Length > PoolNameMax) errors.TooLong(path, PoolNameMax);
        foreach (var part in name.Split('/')) errors.Subdomain(path, part);
    }

    internal static void Selectors(List<DeviceSelector>? selectors, FieldPath path, FieldErrors errors)
    {
        if (!Fits(selectors?.Count, SelectorsMax, path, errors)) return;
        for (var i = 0; i < (selectors?.Count ?? 0); i++)
        {
            if (selectors![i].Cel is not { } cel) errors.Required(path[i] / "cel");
            else if (cel.Expression.Length > ExpressionMax) errors.TooLong(path[i] / "cel" / "expression", ExpressionMax);
            else DeviceExpression.Check(cel.Expression, path[i] / "cel" / "expression", errors);
        }
    }

    internal static void Configuration(OpaqueDeviceConfiguration? opaque, FieldPath path, FieldErrors errors)
    {
        if (opaque is null)
        {
            errors.Required(path / "opaque");
            return;
        }
        Driver(opaque.Driver, path / "opaque" / "driver", errors);
        Raw(opaque.Parameters, ParametersMax, path / "opaque" / "parameters", errors);
    }

    /// <summary>A JSON object of any content.</summary>
    internal static void Raw(RawJson? raw, int max, FieldPath path, FieldErrors errors)
    {
        var json = raw?.Utf8 ?? default;
        if (json.IsEmpty || json.Span.SequenceEqual("null"u8)) errors.Required(path);
        else if (json.Length > max) errors.TooLong(path, max);
        else if (json.Span[0] != '{') errors.Invalid(path, "<value omitted>", "must be a valid JSON object");
    }

    /// <summary>"domain/name" or "name".</summary>
    internal static void QualifiedName(string name, FieldPath path, FieldErrors errors)
    {
        switch (name.Split('/'))
        {
            case [var id]:
                Identifier(id, path, errors);
                break;
            case [var domain, var id]:
                if (domain.Length == 0) errors.Invalid(path, "", "the domain must not be empty");
                else Driver(domain, path, errors);
                if (id.Length == 0) errors.Invalid(path, "", "the name must not be empty");
                else Identifier(id, path, errors);
                break;
        }
    }

    internal static void FullyQualifiedName(string name, FieldPath path, FieldErrors errors)
    {
        QualifiedName(name, path, errors);
        if (!name.Contains('/', StringComparison.Ordinal)) errors.Invalid(path, name, "a fully qualified name must be a domain and a name separated by a slash");
    }

    private static void Identifier(string id, FieldPath path, FieldErrors errors)
    {
        if (id.Length > IdMax) errors.TooLong(path, IdMax);
        errors.Problems(path, id, NameRules.CIdentifier(id));
    }

    internal static void Binding(List<string>? conditions, List<string>? failures, FieldPath path, FieldErrors errors)
    {
        Names(conditions, path / "bindingConditions", errors);
        Names(failures, path / "bindingFailureConditions", errors);
        Distinct(conditions, path / "bindingConditions", errors);
        Distinct(failures, path / "bindingFailureConditions", errors);
        for (var i = 0; i < (failures?.Count ?? 0); i++)
            if (conditions?.Contains(failures![i]) == true)
                errors.Invalid((path / "bindingFailureConditions")[i], failures![i], "bindingFailureConditions must not overlap with bindingConditions");
        if (conditions is not { Count: > 0 } && failures is { Count: > 0 })
            errors.Invalid(path / "bindingConditions", null, "bindingConditions are required to use bindingFailureConditions");
        if (failures is not { Count: > 0 } && conditions is { Count: > 0 })
            errors.Invalid(path / "bindingFailureConditions", null, "bindingFailureConditions are required to use bindingConditions");
    }

    private static void Names(List<string>? names, FieldPath path, FieldErrors errors)
    {
        if (!Fits(names?.Count, BindingConditionsMax, path, errors)) return;
        for (var i = 0; i < (names?.Count ?? 0); i++) errors.QualifiedName(path[i], names![i]);
    }

    /// <summary>No entry comes twice.</summary>
    internal static void Distinct(List<string>? items, FieldPath path, FieldErrors errors)
    {
        for (var i = 0; i < (items?.Count ?? 0); i++)
            if (items!.IndexOf(items[i]) < i) errors.Duplicate(path[i], items[i]);
    }

    internal static void Uid(string uid, FieldPath path, FieldErrors errors)
    {
        if (!Guid.TryParse(uid, out var parsed)) errors.Invalid(path, uid, $"error validating uid: invalid UUID length: {uid.Length}");
        else if (parsed.ToString() != uid)
            errors.Invalid(path, uid, "uid must be in RFC 4122 normalized form, `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx` with lowercase hexadecimal characters");
    }

    internal static void Effect(string effect, FieldPath path, FieldErrors errors) =>
        errors.OneOf(path, effect, DeviceTaintEffect.NoExecute, DeviceTaintEffect.NoSchedule, DeviceTaintEffect.None);
}
