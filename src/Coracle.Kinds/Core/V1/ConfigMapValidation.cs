using Coracle.Kinds.Validation;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>Keys, size, and what "immutable" forbids (upstream: ValidateConfigMap).</summary>
public sealed partial class ConfigMapRules
{
    internal const int BytesMax = 1024 * 1024;
    internal const string ImmutableWhenSet = "field is immutable when `immutable` is set";

    public override void Validate(ConfigMap obj, FieldErrors errors)
    {
        var size = 0L;
        foreach (var (key, value) in obj.Data ?? [])
        {
            var path = FieldPath.Of("data").Key(key);
            errors.Problems(path, key, NameRules.ConfigMapKey(key));
            if (obj.BinaryData?.ContainsKey(key) == true) errors.Invalid(path, key, "duplicate of key present in binaryData");
            size += System.Text.Encoding.UTF8.GetByteCount(value);
        }
        foreach (var (key, value) in obj.BinaryData ?? [])
        {
            errors.Problems(FieldPath.Of("binaryData").Key(key), key, NameRules.ConfigMapKey(key));
            size += value.Length;
        }
        if (size > BytesMax) errors.TooLong(FieldPath.Of(""), BytesMax);
    }

    public override void ValidateUpdate(ConfigMap obj, ConfigMap old, string subresource, FieldErrors errors)
    {
        if (old.Immutable == true)
        {
            if (obj.Immutable != true) errors.Forbidden(FieldPath.Of("immutable"), ImmutableWhenSet);
            if (!Same(obj.Data, old.Data, string.Equals)) errors.Forbidden(FieldPath.Of("data"), ImmutableWhenSet);
            if (!Same(obj.BinaryData, old.BinaryData, SameBytes)) errors.Forbidden(FieldPath.Of("binaryData"), ImmutableWhenSet);
        }
        Validate(obj, errors);
    }

    internal static bool SameBytes(byte[] a, byte[] b) => a.AsSpan().SequenceEqual(b);

    internal static bool Same<T>(Dictionary<string, T>? a, Dictionary<string, T>? b, Func<T, T, bool> same) =>
        (a?.Count ?? 0) == (b?.Count ?? 0) && (a ?? []).All(entry => b!.TryGetValue(entry.Key, out var other) && same(entry.Value, other));
}
