using Coracle.Kinds.Core.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Validation;

// Environment variables and the fields that they may be taken from.
internal sealed partial class PodSpecValidation
{
    private const string TooManySources = "may not have more than one field specified at a time";

    private static readonly string[] EnvFields =
    [
        "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName",
        "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs",
    ];

    private static readonly string[] VolumeFields = ["metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid"];

    private static readonly string[] ContainerFields =
        ["limits.cpu", "limits.ephemeral-storage", "limits.memory", "requests.cpu", "requests.ephemeral-storage", "requests.memory"];

    private void Env(List<EnvVar> variables, FieldPath path)
    {
        for (var i = 0; i < variables.Count; i++)
        {
            var variable = variables[i];
            if (variable.Name.Length == 0) errors.Required(path[i] / "name");
            else errors.Problems(path[i] / "name", variable.Name, NameRules.RelaxedEnvVarName(variable.Name));
            if (variable.ValueFrom is { } source) ValueFrom(variable, source, path[i] / "valueFrom");
        }
    }

    private void ValueFrom(EnvVar variable, EnvVarSource source, FieldPath path)
    {
        var sources = 0;
        if (source.FieldRef is { } field)
        {
            sources++;
            FieldRef(field, EnvFields, path / "fieldRef");
        }
        if (source.ResourceFieldRef is { } resource)
        {
            sources++;
            ResourceRef(resource, inVolume: false, path / "resourceFieldRef");
        }
        if (source.ConfigMapKeyRef is { } map)
        {
            sources++;
            KeyRef(map.Name, map.Key, path / "configMapKeyRef");
        }
        if (source.SecretKeyRef is { } secret)
        {
            sources++;
            KeyRef(secret.Name, secret.Key, path / "secretKeyRef");
        }
        if (source.FileKeyRef is { } file)
        {
            sources++;
            FileRef(file, path / "fileKeyRef");
        }
        if (sources == 0) errors.Invalid(path, "", "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`");
        else if (variable.Value.Length > 0) errors.Invalid(path, "", "may not be specified when `value` is not empty");
        else if (sources > 1) errors.Invalid(path, "", TooManySources);
    }

    private void KeyRef(string name, string key, FieldPath path)
    {
        errors.Subdomain(path / "name", name);
        if (key.Length == 0) errors.Required(path / "key");
        else errors.Problems(path / "key", key, NameRules.ConfigMapKey(key));
    }

    private void FileRef(FileKeySelector file, FieldPath path)
    {
        errors.RequiredText(path / "volumeName", file.VolumeName);
        errors.RequiredText(path / "path", file.Path);
        if (file.Key.Length == 0) errors.Required(path / "key");
        else errors.Problems(path / "key", file.Key, NameRules.EnvVarName(file.Key));
        if (file.Path.Length > 0) errors.LocalPath(path / "path", file.Path);
    }

    private void EnvFrom(List<EnvFromSource> sources, FieldPath path)
    {
        for (var i = 0; i < sources.Count; i++)
        {
            var source = sources[i];
            if (source.Prefix.Length > 0) errors.Problems(path[i] / "prefix", source.Prefix, NameRules.RelaxedEnvVarName(source.Prefix));
            if (source.ConfigMapRef is { } map) Name(map.Name, path[i] / "configMapRef");
            if (source.SecretRef is { } secret) Name(secret.Name, path[i] / "secretRef");
            if (source is { ConfigMapRef: null, SecretRef: null }) errors.Invalid(path, "", "must specify one of: `configMapRef` or `secretRef`");
            else if (source is { ConfigMapRef: not null, SecretRef: not null }) errors.Invalid(path, "", TooManySources);
        }
    }

    private void Name(string name, FieldPath path)
    {
        if (name.Length == 0) errors.Required(path / "name");
        else errors.Problems(path / "name", name, NameRules.Dns1123Subdomain(NameRules.WithoutTrailingDash(name)));
    }

    private void FieldRef(ObjectFieldSelector field, string[] allowed, FieldPath path)
    {
        if (field.ApiVersion.Length == 0) errors.Required(path / "apiVersion");
        else if (field.FieldPath.Length == 0) errors.Required(path / "fieldPath");
        else if (Subscript(field.FieldPath) is var (name, key))
        {
            if (name == "metadata.annotations") errors.QualifiedName(path, key.ToLowerInvariant());
            else if (name == "metadata.labels") errors.QualifiedName(path, key);
            else errors.Invalid(path / "fieldPath", field.FieldPath, $"error converting fieldPath: field label does not support subscript: {field.FieldPath}");
        }
        else if (!Known(field.FieldPath)) errors.Invalid(path / "fieldPath", field.FieldPath, $"error converting fieldPath: field label not supported: {field.FieldPath}");
        else if (!allowed.Contains(field.FieldPath)) errors.NotSupported(path / "fieldPath", field.FieldPath, allowed);
    }

    private static bool Known(string field) =>
        EnvFields.Contains(field) || VolumeFields.Contains(field) || field is "spec.restartPolicy" or "spec.schedulerName" or "status.phase";

    /// <summary>"metadata.labels['a']" in its two parts; null without such an end.</summary>
    private static (string Name, string Key)? Subscript(string field)
    {
        var open = field.IndexOf("['", StringComparison.Ordinal);
        return open > 0 && field.EndsWith("']", StringComparison.Ordinal) && open + 4 <= field.Length ? (field[..open], field[(open + 2)..^2]) : null;
    }

    private void ResourceRef(ResourceFieldSelector field, bool inVolume, FieldPath path)
    {
        var huge = field.Resource.StartsWith("limits.hugepages-", StringComparison.Ordinal) || field.Resource.StartsWith("requests.hugepages-", StringComparison.Ordinal);
        if (inVolume && field.ContainerName.Length == 0) errors.Required(path / "containerName");
        else if (field.Resource.Length == 0) errors.Required(path / "resource");
        else if (!huge) errors.OneOf(path / "resource", field.Resource, ContainerFields);
        Divisor(field, huge, path / "divisor");
    }

    private void Divisor(ResourceFieldSelector field, bool huge, FieldPath path)
    {
        if (field.Divisor.IsZero) return;
        var divisor = field.Divisor.ToString();
        if (field.Resource.EndsWith(".cpu", StringComparison.Ordinal))
        {
            if (divisor is not ("1m" or "1")) errors.Invalid(path, field.Resource, "only divisor's values 1m and 1 are supported with the cpu resource");
            return;
        }
        if (divisor is "1" or "1k" or "1M" or "1G" or "1T" or "1P" or "1E" or "1Ki" or "1Mi" or "1Gi" or "1Ti" or "1Pi" or "1Ei") return;
        var what = huge ? "hugepages" : field.Resource.EndsWith(".memory", StringComparison.Ordinal) ? "memory" : "local ephemeral storage";
        errors.Invalid(path, field.Resource, $"only divisor's values 1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei are supported with the {what} resource");
    }
}
