using Coracle.Schema;

namespace Coracle.Kinds.Validation;

/// <summary>Names of signers: a domain and a path, "example.com/mine" (upstream: apis/core/validation, ValidateSignerName).</summary>
internal static class SignerName
{
    private const int DomainMax = 253;
    private const int LengthMax = 571;

    internal static void Check(FieldErrors errors, FieldPath path, string name)
    {
        if (name.Length == 0)
        {
            errors.Required(path);
            return;
        }
        if (name.Split('/') is not [var domain, var rest])
        {
            errors.Invalid(path, name, "must be a fully qualified domain and path of the form 'example.com/signer-name'");
            return;
        }
        if (domain.Length > DomainMax) errors.TooLong(path, DomainMax);
        var labels = domain.Split('.');
        FirstWrong(errors, path, domain, labels, NameRules.Dns1123Label);
        if (labels.Length < 2) errors.Invalid(path, domain, "should be a domain with at least two segments separated by dots");
        FirstWrong(errors, path, rest, rest.Split('.'), NameRules.Dns1123Subdomain);
        if (name.Length > LengthMax) errors.TooLong(path, LengthMax);
    }

    // Further labels would say the same again.
    private static void FirstWrong(FieldErrors errors, FieldPath path, string part, string[] labels, Func<string, IReadOnlyList<string>> problems)
    {
        foreach (var label in labels)
        {
            if (problems(label) is not { Count: > 0 } found) continue;
            foreach (var problem in found) errors.Invalid(path, part, $"validating label {GoText.Quote(label)}: {problem}");
            return;
        }
    }
}
