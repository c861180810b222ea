using System.Globalization;
using System.Text;
using Coracle.Kinds.Core.V1;
using Coracle.Node.Agent;
using Coracle.Schema;
using Coracle.Sdk;

namespace Coracle.Node.Pods;

/// <summary>The environment of a container: services, envFrom, env, in this order, later ones winning, with $(NAME) expanded (upstream: kubelet_pods.go).</summary>
internal static class ContainerEnvironment
{
    /// <summary>Throws <see cref="StartException"/> with CreateContainerConfigError when something it refers to is missing.</summary>
    public static async Task<Dictionary<string, string>> Make(NodeOptions options, Pod pod, Container container, PodStatus status, CancellationToken cancel)
    {
        var sources = new Sources(options.Client, pod.Metadata.Namespace);
        var services = ServiceVariables(options, pod);
        var result = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var from in container.EnvFrom ?? [])
            foreach (var (key, value) in await sources.All(from, cancel)) result[from.Prefix + key] = value;
        foreach (var variable in container.Env ?? [])
        {
            var value = variable.ValueFrom is { } from
                ? await ValueFrom(options, pod, container, status, from, sources, cancel)
                : Expand(variable.Value, name => result.GetValueOrDefault(name) ?? services.GetValueOrDefault(name));
            if (value is not null) result[variable.Name] = value;
        }
        foreach (var (key, value) in services) result.TryAdd(key, value);
        return result;
    }

    private static async Task<string?> ValueFrom(NodeOptions options, Pod pod, Container container, PodStatus status, EnvVarSource from, Sources sources, CancellationToken cancel)
    {
        if (from.FieldRef is { } field)
            return DownwardFields.Field(pod, field.FieldPath, status, options.InternalAddress)
                ?? throw new StartException("CreateContainerConfigError", $"unsupported fieldPath: {field.FieldPath}");
        if (from.ResourceFieldRef is { } resource)
        {
            var of = resource.ContainerName.Length == 0 ? container : (pod.Spec.Containers ?? []).Concat(pod.Spec.InitContainers ?? []).FirstOrDefault(c => c.Name == resource.ContainerName);
            return of is null ? throw new StartException("CreateContainerConfigError", $"container {resource.ContainerName} not found") : DownwardFields.Resource(of, resource, options.Capacity);
        }
        if (from.ConfigMapKeyRef is { } map) return await sources.ConfigMapKey(map, cancel);
        if (from.SecretKeyRef is { } secret) return await sources.SecretKey(secret, cancel);
        return null;
    }

    /// <summary>Config maps and secrets, each fetched once.</summary>
    private sealed class Sources(Client client, string ns)
    {
        private readonly Dictionary<string, ConfigMap?> _maps = [];
        private readonly Dictionary<string, Secret?> _secrets = [];

        private async Task<ConfigMap?> Map(string name, CancellationToken cancel)
        {
            if (!_maps.TryGetValue(name, out var map)) _maps[name] = map = await client.TryGetAsync<ConfigMap>(new Key(ns, name), cancel);
            return map;
        }

        private async Task<Secret?> Secret(string name, CancellationToken cancel)
        {
            if (!_secrets.TryGetValue(name, out var secret)) _secrets[name] = secret = await client.TryGetAsync<Secret>(new Key(ns, name), cancel);
            return secret;
        }

        public async Task<IEnumerable<KeyValuePair<string, string>>> All(EnvFromSource from, CancellationToken cancel)
        {
            if (from.ConfigMapRef is { } mapRef)
            {
                if (await Map(mapRef.Name, cancel) is { } map) return (map.Data ?? []).OrderBy(p => p.Key, StringComparer.Ordinal);
                if (mapRef.Optional != true) throw Missing($"configmap \"{mapRef.Name}\" not found");
            }
            if (from.SecretRef is { } secretRef)
            {
                if (await Secret(secretRef.Name, cancel) is { } secret)
                    return (secret.Data ?? []).OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, Encoding.UTF8.GetString(p.Value)));
                if (secretRef.Optional != true) throw Missing($"secret \"{secretRef.Name}\" not found");
            }
            return [];
        }

        public async Task<string?> ConfigMapKey(ConfigMapKeySelector selector, CancellationToken cancel)
        {
            var map = await Map(selector.Name, cancel);
            if (map?.Data?.GetValueOrDefault(selector.Key) is { } value) return value;
            if (selector.Optional == true) return null;
            throw Missing(map is null ? $"configmap \"{selector.Name}\" not found" : $"couldn't find key {selector.Key} in ConfigMap {ns}/{selector.Name}");
        }

        public async Task<string?> SecretKey(SecretKeySelector selector, CancellationToken cancel)
        {
            var secret = await Secret(selector.Name, cancel);
            if (secret?.Data?.GetValueOrDefault(selector.Key) is { } value) return Encoding.UTF8.GetString(value);
            if (selector.Optional == true) return null;
            throw Missing(secret is null ? $"secret \"{selector.Name}\" not found" : $"couldn't find key {selector.Key} in Secret {ns}/{selector.Name}");
        }

        private static StartException Missing(string what) => new("CreateContainerConfigError", what);
    }

    private static Dictionary<string, string> ServiceVariables(NodeOptions options, Pod pod)
    {
        var result = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var service in options.Services?.List() ?? [])
        {
            var isApi = service.Metadata is { Namespace: "default", Name: "kubernetes" };
            var linked = isApi || (pod.Spec.EnableServiceLinks ?? true) && service.Metadata.Namespace == pod.Metadata.Namespace;
            if (linked && service.Spec.ClusterIP is not ("" or "None")) AddService(result, service);
        }
        return result;
    }

    private static void AddService(Dictionary<string, string> into, Service service)
    {
        var prefix = service.Metadata.Name.ToUpperInvariant().Replace('-', '_');
        var address = service.Spec.ClusterIP;
        into[$"{prefix}_SERVICE_HOST"] = address;
        var first = true;
        foreach (var port in service.Spec.Ports ?? [])
        {
            var number = port.Port.ToString(CultureInfo.InvariantCulture);
            var protocol = port.Protocol.Length == 0 ? "TCP" : port.Protocol;
            var url = $"{protocol.ToLowerInvariant()}://{address}:{number}";
            if (first)
            {
                into[$"{prefix}_SERVICE_PORT"] = number;
                into[$"{prefix}_PORT"] = url;
            }
            first = false;
            if (port.Name.Length > 0) into[$"{prefix}_SERVICE_PORT_{port.Name.ToUpperInvariant().Replace('-', '_')}"] = number;
            var one = $"{prefix}_PORT_{number}_{protocol}";
            into[one] = url;
            into[$"{one}_PROTO"] = protocol.ToLowerInvariant();
            into[$"{one}_PORT"] = number;
            into[$"{one}_ADDR"] = address;
        }
    }

    /// <summary>Replaces $(NAME); $$ is a dollar sign, and names that are not known stay as they are (upstream: third_party/forked/golang/expansion).</summary>
    public static string Expand(string text, Func<string, string?> value)
    {
        if (!text.Contains('$', StringComparison.Ordinal)) return text;
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '$' || i + 1 == text.Length)
            {
                result.Append(text[i]);
                continue;
            }
            var next = text[i + 1];
            var close = next == '(' ? text.IndexOf(')', i) : -1;
            if (close > 0)
            {
                var name = text[(i + 2)..close];
                result.Append(value(name) ?? $"$({name})");
                i = close;
            }
            else
            {
                result.Append(next == '$' ? "$" : $"${next}");
                i++;
            }
        }
        return result.ToString();
    }
}
