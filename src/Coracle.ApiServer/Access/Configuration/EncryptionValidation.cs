using System.Text.Json.Nodes;
using Coracle.Kinds.Apiserver.V1;
using Coracle.Schema;

namespace Coracle.ApiServer.Access;

/// <summary>What may be wrong with an encryption configuration (upstream: apiserver, apis/apiserver/validation/validation_encryption.go).</summary>
internal static class EncryptionValidation
{
    private static readonly int[] AesLengths = [16, 24, 32];
    private static readonly int[] BoxLengths = [32];

    public static void Check(EncryptionConfiguration configuration, FieldErrors errors)
    {
        var root = FieldPath.Of("resources");
        if (configuration.Resources is not { Count: > 0 } all)
        {
            errors.Required(root, "at least one resources is required");
            return;
        }
        for (var i = 0; i < all.Count; i++)
        {
            var (resources, providers) = (root[i] / "resources", root[i] / "providers");
            if (all[i].Resources is not { Count: > 0 }) errors.Required(resources, $"at least one {resources} is required");
            Overlap(all[i].Resources ?? [], resources, errors);
            Names(all[i].Resources ?? [], resources, errors);
            if (all[i].Providers is not { Count: > 0 } given) errors.Required(providers, $"at least one {providers} is required");
            else
                for (var j = 0; j < given.Count; j++) Provider(given[j], providers[j], errors);
        }
    }

    private static (string Group, string Resource) Parse(string text) =>
        text.IndexOf('.', StringComparison.Ordinal) is >= 0 and var dot ? (text[(dot + 1)..], text[..dot]) : ("", text);

    private static void Overlap(List<string> resources, FieldPath path, FieldErrors errors)
    {
        var parsed = resources.ConvertAll(Parse);
        var shown = new JsonArray([.. resources.Select(r => (JsonNode)r)]);
        if (parsed.Distinct().Count() < parsed.Count) errors.Invalid(path, shown, "the same resource cannot be specified multiple times");
        var overlaps = parsed.Where((a, i) => parsed.Where((b, j) => i != j && a != b && (a == ("*", "*") || a.Group == b.Group && (a.Resource == "*" || b.Resource == "*"))).Any());
        if (overlaps.Any()) errors.Invalid(path, shown, "using overlapping resources such as 'secrets' and '*.' in the same resource list is not allowed as they will be masked");
    }

    private static void Names(List<string> resources, FieldPath path, FieldErrors errors)
    {
        for (var i = 0; i < resources.Count; i++)
            if (NameError(resources[i]) is { } error) errors.Invalid(path[i], resources[i], error);
    }

    private static string? NameError(string name)
    {
        if (name != name.ToLowerInvariant()) return "resource name should not contain capital letters";
        if (name == "*") return "use '*.' to encrypt all the resources from core API group or *.* to encrypt all resources";
        if (name is "apiserveripinfo" or "serviceipallocations" or "servicenodeportallocations") return "resources which do not have REST API/s cannot be encrypted";
        var (group, resource) = Parse(name);
        if (group == "events.k8s.io") return "'*.events.k8s.io' objects are stored using the 'events' API group in etcd. Use 'events' instead in the config file";
        if (group == "extensions") return "'extensions' group has been removed and cannot be used for encryption";
        return group == "*" && resource != "*" ? "encrypting the same resource across groups is not supported" : null;
    }

    private static void Provider(EncryptionProvider provider, FieldPath path, FieldErrors errors)
    {
        var found = new object?[] { provider.Aesgcm, provider.Aescbc, provider.Secretbox, provider.Identity, provider.Kms }.Count(p => p is not null);
        if (found == 0) errors.Invalid(path, "provider does not contain any of the expected providers: KMS, AESGCM, AESCBC, Secretbox, Identity");
        else if (found > 1) errors.Invalid(path, "more than one provider specified in a single element, should split into different list elements");
        else if (provider.Kms is not null) errors.Forbidden(path / "kms", "key services are not supported");
        else if (provider.Aesgcm is { } gcm) Keys(gcm, path / "aesgcm" / "keys", AesLengths, errors);
        else if (provider.Aescbc is { } cbc) Keys(cbc, path / "aescbc" / "keys", AesLengths, errors);
        else if (provider.Secretbox is { } box) Keys(box, path / "secretbox" / "keys", BoxLengths, errors);
    }

    private static void Keys(EncryptionKeys keys, FieldPath path, int[] lengths, FieldErrors errors)
    {
        if (keys.Keys is not { Count: > 0 } all)
        {
            errors.Required(path, "at least one keys is required");
            return;
        }
        for (var i = 0; i < all.Count; i++)
        {
            if (all[i].Name.Length == 0) errors.Required(path[i] / "name", "name is a mandatory field for a key");
            Secret(all[i].Secret, path[i] / "secret", lengths, errors);
        }
    }

    // The secret itself is never shown.
    private static void Secret(string secret, FieldPath path, int[] lengths, FieldErrors errors)
    {
        if (secret.Length == 0)
        {
            errors.Required(path, "secret is a mandatory field for a key");
            return;
        }
        var bytes = new byte[secret.Length];
        if (!Convert.TryFromBase64String(secret, bytes, out var length)) errors.Invalid(path, "REDACTED", "secrets must be base64 encoded");
        else if (!lengths.Contains(length)) errors.Invalid(path, "REDACTED", $"secret is not of the expected length, got {length}, expected one of [{string.Join(' ', lengths)}]");
    }
}
