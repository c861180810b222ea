using System.Text.Json;
using System.Text.Json.Nodes;
using Coracle.ApiServer.Access;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Hosting;

/// <summary>
/// kube-system/extension-apiserver-authentication: what API servers behind this one need to know to believe it what it says of users (upstream:
/// clusterauthenticationtrust). What others have added stays.
/// </summary>
internal static class AuthenticationConfigMap
{
    private const string Namespace = "kube-system";
    private const string Name = "extension-apiserver-authentication";

    public static async Task EnsureAsync(Client client, ControlPlaneOptions options, CancellationToken cancel)
    {
        if (options.Pki is not { } pki) return;
        var found = await client.TryGetAsync<ConfigMap>(new(Namespace, Name), cancel);
        var data = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["client-ca-file"] = Bundle(found, "client-ca-file", pki.ClusterAuthority.Certificate.CertificatePem),
            ["requestheader-allowed-names"] = List(found, "requestheader-allowed-names", "front-proxy-client"),
            ["requestheader-client-ca-file"] = Bundle(found, "requestheader-client-ca-file", pki.FrontProxyAuthority.Certificate.CertificatePem),
            ["requestheader-extra-headers-prefix"] = List(found, "requestheader-extra-headers-prefix", "X-Remote-Extra-"),
            ["requestheader-group-headers"] = List(found, "requestheader-group-headers", "X-Remote-Group"),
            ["requestheader-uid-headers"] = List(found, "requestheader-uid-headers", "X-Remote-Uid"),
            ["requestheader-username-headers"] = List(found, "requestheader-username-headers", "X-Remote-User"),
        };
        if (found is null)
        {
            var created = await client.TryCreateAsync(new ConfigMap { Metadata = new() { Namespace = Namespace, Name = Name }, Data = data }, cancel);
            if (!created.Ok && !created.IsAlreadyExists) created.OrThrow();
            return;
        }
        if (found.Data is { } known && known.Count == data.Count && data.All(entry => known.GetValueOrDefault(entry.Key) == entry.Value)) return;
        var changed = found.DeepCopy();
        changed.Data = data;
        (await client.TryUpdateAsync(changed, cancel)).OrThrow();
    }

    private static string List(ConfigMap? found, string key, string ours)
    {
        var names = new List<string>();
        if (found?.Data?.GetValueOrDefault(key) is { Length: > 0 } text)
        {
            try
            {
                if (JsonNode.Parse(text) is JsonArray list) names.AddRange(list.OfType<JsonValue>().Select(v => v.TryGetValue<string>(out var name) ? name : "").Where(name => name.Length > 0));
            }
            catch (JsonException)
            {
                // What cannot be read is replaced.
            }
        }
        if (!names.Contains(ours)) names.Add(ours);
        return new JsonArray([.. names.Distinct().Select(name => (JsonNode)name)]).ToJsonString();
    }

    private static string Bundle(ConfigMap? found, string key, string ours) => CertificateBundle.Join(found?.Data?.GetValueOrDefault(key) ?? "", ours);
}
