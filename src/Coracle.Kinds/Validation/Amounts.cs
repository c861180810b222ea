using System.Globalization;
using Coracle.Schema;

namespace Coracle.Kinds.Validation;

/// <summary>Amounts that are a number or a share (upstream: ValidatePositiveIntOrPercent, IsNotMoreThan100Percent).</summary>
internal static class Amounts
{
    internal static void Positive(FieldErrors errors, FieldPath path, IntOrString amount)
    {
        if (!amount.IsString) errors.NonNegative(path, amount.IntValue);
        else errors.Problems(path, amount, NameRules.Percent(amount.StringValue));
    }

    internal static void AtMostAll(FieldErrors errors, FieldPath path, IntOrString amount)
    {
        if (amount.IsString && Of(amount) > 100) errors.Invalid(path, amount, "must not be greater than 100%");
    }

    /// <summary>The number, or the percentage; -1 for a text that is none.</summary>
    internal static int Of(IntOrString amount) => amount.IsString
        ? int.TryParse(amount.StringValue.TrimEnd('%'), NumberStyles.None, CultureInfo.InvariantCulture, out var percent) ? percent : -1
        : amount.IntValue;
}
