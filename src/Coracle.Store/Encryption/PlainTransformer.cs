namespace Coracle.Store.Encryption;

/// <summary>Values as they are. What somebody has encrypted is not taken for a value.</summary>
public sealed class PlainTransformer : ValueTransformer
{
    public override byte[] Seal(ReadOnlySpan<byte> value, ReadOnlySpan<byte> place) => value.ToArray();

    public override byte[]? Open(ReadOnlySpan<byte> stored, ReadOnlySpan<byte> place, out string error)
    {
        error = "identity transformer tried to read encrypted data";
        return stored.StartsWith("k8s:enc:"u8) ? null : stored.ToArray();
    }
}
