using System.Text.Json;

namespace Coracle.Schema;

/// <summary>Which requirements are valid, in upstream's words (apimachinery, labels.NewRequirement).</summary>
internal static class LabelRequirementRules
{
    /// <summary>What is wrong with a requirement, or null. Several faults are listed in brackets.</summary>
    public static string? Check(string key, LabelOperator @operator, string[]? values)
    {
        var faults = new List<FieldError>(0);
        if (!NameRules.IsLabelKey(key)) faults.Add(KeyFault("key", key));
        CheckCount(faults, @operator, values);
        if (@operator is LabelOperator.GreaterThan or LabelOperator.LessThan)
            for (var i = 0; i < values?.Length; i++)
                if (!LabelRequirement.TryInteger(values[i], out _))
                    faults.Add(Invalid($"values[{i}]", GoText.Quote(values[i]), "for 'Gt', 'Lt' operators, the value must be an integer"));
        for (var i = 0; i < values?.Length; i++)
            if (!NameRules.IsLabelValue(values[i]))
                faults.Add(Invalid($"values[{i}][{key}]", GoText.Quote(values[i]), string.Join("; ", NameRules.LabelValue(values[i]))));
        return Aggregate(faults);
    }

    /// <summary>The fault of a label key that is none.</summary>
    public static FieldError KeyFault(string field, string key) => Invalid(field, GoText.Quote(key), string.Join("; ", NameRules.LabelKey(key)));

    private static void CheckCount(List<FieldError> faults, LabelOperator @operator, string[]? values)
    {
        var count = values?.Length ?? 0;
        var fault = @operator switch
        {
            LabelOperator.In or LabelOperator.NotIn => count == 0 ? "for 'in', 'notin' operators, values set can't be empty" : null,
            LabelOperator.Equals or LabelOperator.DoubleEquals or LabelOperator.NotEquals => count != 1 ? "exact-match compatibility requires one single value" : null,
            LabelOperator.Exists or LabelOperator.DoesNotExist => count != 0 ? "values set must be empty for exists and does not exist" : null,
            _ => count != 1 ? "for 'Gt', 'Lt' operators, exactly one value is required" : null,
        };
        if (fault is not null) faults.Add(Invalid("values", Show(values), fault));
    }

    private static FieldError Invalid(string field, string value, string detail) => new(FieldErrorType.Invalid, field, value, detail);

    private static string Show(string[]? values) =>
        values is null ? "null" : "[" + string.Join(',', values.Select(v => "\"" + JsonEncodedText.Encode(v, ApiJson.WriterOptions.Encoder) + "\"")) + "]";

    private static string? Aggregate(List<FieldError> faults)
    {
        if (faults.Count == 0) return null;
        var texts = faults.Select(f => f.ToString()).Distinct().ToList();
        return texts.Count == 1 ? texts[0] : "[" + string.Join(", ", texts) + "]";
    }
}
