using System.Text.Json;
using System.Text.Json.Nodes;
using Coracle.Kinds.Validation;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>Keys, size, and what each type of secret must have (upstream: ValidateSecret).</summary>
public sealed partial class SecretRules
{
    private static readonly FieldPath DataPath = FieldPath.Of("data");

    public override void Validate(Secret obj, FieldErrors errors)
    {
        var size = 0L;
        foreach (var (key, value) in obj.Data ?? [])
        {
            errors.Problems(DataPath.Key(key), key, NameRules.ConfigMapKey(key));
            size += value.Length;
        }
        if (size > ConfigMapRules.BytesMax) errors.TooLong(DataPath, ConfigMapRules.BytesMax);
        OfType(obj, obj.Data ?? [], errors);
    }

    public override void ValidateUpdate(Secret obj, Secret old, string subresource, FieldErrors errors)
    {
        if (obj.Type != old.Type) errors.Invalid(FieldPath.Of("type"), obj.Type, Checks.Immutable);
        if (old.Immutable == true)
        {
            if (obj.Immutable != true) errors.Forbidden(FieldPath.Of("immutable"), ConfigMapRules.ImmutableWhenSet);
            if (!ConfigMapRules.Same(obj.Data, old.Data, ConfigMapRules.SameBytes)) errors.Forbidden(DataPath, ConfigMapRules.ImmutableWhenSet);
        }
        Validate(obj, errors);
    }

    private static void OfType(Secret secret, Dictionary<string, byte[]> data, FieldErrors errors)
    {
        void Key(string key)
        {
            if (!data.ContainsKey(key)) errors.Required(DataPath.Key(key));
        }
        switch (secret.Type)
        {
            case SecretType.ServiceAccountToken:
                const string annotation = "kubernetes.io/service-account.name";
                if (string.IsNullOrEmpty(secret.Metadata.Annotations?.GetValueOrDefault(annotation)))
                    errors.Required((FieldPath.Of("metadata") / "annotations").Key(annotation));
                break;
            case SecretType.Dockercfg: Json(data, ".dockercfg", errors); break;
            case SecretType.DockerConfigJson: Json(data, ".dockerconfigjson", errors); break;
            case SecretType.BasicAuth when !data.ContainsKey("username") && !data.ContainsKey("password"):
                Key("username");
                Key("password");
                break;
            case SecretType.SSHAuth:
                if (data.GetValueOrDefault("ssh-privatekey") is not { Length: > 0 }) errors.Required(DataPath.Key("ssh-privatekey"));
                break;
            case SecretType.TLS:
                Key("tls.crt");
                Key("tls.key");
                break;
        }
    }

    private static void Json(Dictionary<string, byte[]> data, string key, FieldErrors errors)
    {
        if (!data.TryGetValue(key, out var json))
        {
            errors.Required(DataPath.Key(key));
            return;
        }
        try
        {
            if (JsonNode.Parse(json) is not (JsonObject or null)) errors.Invalid(DataPath.Key(key), "<secret contents redacted>", "json: cannot unmarshal into Go value of type map[string]interface {}");
        }
        catch (JsonException)
        {
            errors.Invalid(DataPath.Key(key), "<secret contents redacted>", json.Length == 0 ? "unexpected end of JSON input" : "invalid JSON");
        }
    }
}
