using Coracle.Kinds.Validation;
using Coracle.Schema;

namespace Coracle.Kinds.Storage.V1;

/// <summary>Rules that kinds of storage share (upstream: apis/storage/validation).</summary>
internal static class StorageChecks
{
    private const int ParametersMax = 512;
    private const int ParameterBytesMax = 256 * 1024;
    private const int DriverNameMax = 63;

    internal static void Provisioner(string name, FieldPath path, FieldErrors errors)
    {
        if (name.Length == 0) errors.Required(path);
        else errors.QualifiedName(path, name.ToLowerInvariant());
    }

    internal static void Parameters(Dictionary<string, string>? parameters, bool mayBeEmpty, FieldPath path, FieldErrors errors)
    {
        if (parameters is { Count: > ParametersMax })
        {
            errors.TooLong(path, ParametersMax);
            return;
        }
        var bytes = 0L;
        foreach (var (key, value) in parameters ?? [])
        {
            if (key.Length == 0) errors.Invalid(path, key, "field can not be empty.");
            bytes += key.Length + value.Length;
        }
        if (bytes > ParameterBytesMax) errors.TooLong(path, ParameterBytesMax);
        if (!mayBeEmpty && parameters is not { Count: > 0 }) errors.Required(path, "must contain at least one key/value pair");
    }

    internal static bool Same(Dictionary<string, string>? a, Dictionary<string, string>? b) =>
        (a?.Count ?? 0) == (b?.Count ?? 0) && (a ?? []).All(entry => b!.TryGetValue(entry.Key, out var value) && value == entry.Value);

    internal static void DriverName(string name, FieldPath path, FieldErrors errors)
    {
        if (name.Length == 0) errors.Required(path);
        if (name.Length > DriverNameMax) errors.TooLong(path, DriverNameMax);
        errors.Problems(path, name, NameRules.Dns1123Subdomain(name.ToLowerInvariant()));
    }
}
