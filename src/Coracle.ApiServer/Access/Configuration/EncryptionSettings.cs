using Coracle.Kinds.Apiserver.V1;
using Coracle.Schema;
using Coracle.Store.Encryption;

namespace Coracle.ApiServer.Access;

/// <summary>What is encrypted on disk, and how: an EncryptionConfiguration as rules for the store (upstream: apiserver, server/options/encryptionconfig).</summary>
public static class EncryptionSettings
{
    private const string AesUnmatched = "no matching key was found for the provided AES transformer";
    private const string BoxUnmatched = "no matching key was found for the provided Secretbox transformer";

    /// <summary>Reads a configuration in YAML or JSON; null and what is wrong with it otherwise.</summary>
    public static IReadOnlyList<EncryptionRule>? Parse(string text, out string error)
    {
        if (ConfigurationText.Read<EncryptionConfiguration>(text, "EncryptionConfiguration", ["v1"], out error) is not { } configuration) return null;
        var errors = new FieldErrors();
        EncryptionValidation.Check(configuration, errors);
        if (errors.Count > 0)
        {
            error = ConfigurationText.Aggregate(errors);
            return null;
        }
        var rules = new List<EncryptionRule>();
        foreach (var group in configuration.Resources!)
            foreach (var resource in group.Resources!)
            {
                if (Mask(resource, rules) is { } mask)
                {
                    error = $"resource {GoText.Quote(resource)} is masked by earlier rule {GoText.Quote(mask)}";
                    return null;
                }
                // The first rule about a resource holds.
                if (!rules.Exists(rule => rule.Resource == Named(resource))) rules.Add(new(Named(resource), [.. group.Providers!.SelectMany(Transformers)]));
            }
        return rules;
    }

    // "secrets." and "secrets" are the same.
    private static string Named(string resource) => resource.EndsWith('.') && resource != "*." ? resource[..^1] : resource;

    private static string? Mask(string resource, List<EncryptionRule> earlier)
    {
        var name = Named(resource);
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        var ofGroup = dot < 0 ? "*." : "*" + name[dot..];
        if (name != ofGroup && name != "*.*" && earlier.Exists(rule => rule.Resource == ofGroup)) return ofGroup;
        return name != "*.*" && earlier.Exists(rule => rule.Resource == "*.*") ? "*.*" : null;
    }

    private static IEnumerable<NamedTransformer> Transformers(EncryptionProvider provider)
    {
        if (provider.Identity is not null) return [new("", "", new PlainTransformer(), "")];
        if (provider.Aesgcm is { } gcm) return Keys(gcm, "k8s:enc:aesgcm:v1:", key => new AesGcmTransformer(key), AesUnmatched);
        return provider.Aescbc is { } cbc
            ? Keys(cbc, "k8s:enc:aescbc:v1:", key => new AesCbcTransformer(key), AesUnmatched)
            : Keys(provider.Secretbox!, "k8s:enc:secretbox:v1:", key => new SecretBoxTransformer(key), BoxUnmatched);
    }

    private static IEnumerable<NamedTransformer> Keys(EncryptionKeys keys, string kind, Func<byte[], ValueTransformer> make, string unmatched) =>
        keys.Keys!.Select(key => new NamedTransformer(kind, key.Name + ":", make(Convert.FromBase64String(key.Secret)), unmatched));
}
