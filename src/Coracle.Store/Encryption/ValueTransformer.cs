namespace Coracle.Store.Encryption;

/// <summary>One way to keep a value on disk, with one key. Pure, and safe for any number of threads.</summary>
public abstract class ValueTransformer
{
    /// <summary>What is stored for a value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="place">Where it is stored: what is moved to another place does not open there, where the way can tell.</param>
    public abstract byte[] Seal(ReadOnlySpan<byte> value, ReadOnlySpan<byte> place);

    /// <summary>The value of what was stored; null and why not otherwise.</summary>
    public abstract byte[]? Open(ReadOnlySpan<byte> stored, ReadOnlySpan<byte> place, out string error);
}

/// <summary>A transformer and how what it has stored is recognised: "k8s:enc:aesgcm:v1:" and "key1:".</summary>
/// <param name="Kind">Of the provider; empty for plain values.</param>
/// <param name="Key">Of the key; empty for plain values.</param>
/// <param name="Transformer">Seals and opens.</param>
/// <param name="Unmatched">What is said of a value of this kind that none of its keys has stored.</param>
public sealed record NamedTransformer(string Kind, string Key, ValueTransformer Transformer, string Unmatched)
{
    public string Prefix { get; } = Kind + Key;
}

/// <summary>How values of some resources are kept: the first transformer stores, all open.</summary>
/// <param name="Resource">"secrets", "deployments.apps", "*." for those without a group, "*.apps" for a group's, "*.*" for all.</param>
/// <param name="Transformers">In order.</param>
public sealed record EncryptionRule(string Resource, IReadOnlyList<NamedTransformer> Transformers);
