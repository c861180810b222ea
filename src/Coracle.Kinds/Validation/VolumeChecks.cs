using System.Text.Json.Nodes;
using Coracle.Kinds.Core.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Validation;

/// <summary>Rules that volumes and claims share.</summary>
internal static class VolumeChecks
{
    private static readonly string[] Supported =
    [
        PersistentVolumeAccessMode.ReadOnlyMany, PersistentVolumeAccessMode.ReadWriteMany, PersistentVolumeAccessMode.ReadWriteOnce, PersistentVolumeAccessMode.ReadWriteOncePod,
    ];

    internal static void AccessModes(List<string>? modes, string whenMissing, FieldPath path, FieldErrors errors)
    {
        if (modes is not { Count: > 0 })
        {
            errors.Required(path, whenMissing);
            return;
        }
        foreach (var mode in modes) errors.OneOf(path, mode, Supported);
        if (modes.Contains(PersistentVolumeAccessMode.ReadWriteOncePod) && modes.Exists(m => m != PersistentVolumeAccessMode.ReadWriteOncePod && Supported.Contains(m)))
            errors.Forbidden(path, "may not use ReadWriteOncePod with other access modes");
    }

    internal static JsonNode Shown(IReadOnlyDictionary<string, Quantity> amounts) =>
        new JsonObject(amounts.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => KeyValuePair.Create(a.Key, (JsonNode?)a.Value.ToString())));
}
