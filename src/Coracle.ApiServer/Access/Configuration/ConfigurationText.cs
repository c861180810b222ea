using Coracle.Schema;

namespace Coracle.ApiServer.Access;

/// <summary>Reads the configuration files of the API server, YAML or JSON, as strictly as upstream does.</summary>
internal static class ConfigurationText
{
    private const string Group = "apiserver.config.k8s.io";

    /// <summary>The configuration; null and what is wrong with the text otherwise.</summary>
    /// <param name="text">The file.</param>
    /// <param name="kind">What it has to be.</param>
    /// <param name="versions">In which versions; fields are the same in all.</param>
    public static T? Read<T>(string text, string kind, IReadOnlyList<string> versions, out string error) where T : class, IApiType<T>
    {
        error = "";
        if (text.Trim().Length == 0)
        {
            error = "empty config data";
            return null;
        }
        if (!Yaml.TryToJson(System.Text.Encoding.UTF8.GetBytes(text), strict: true, out var json, out var problem))
        {
            error = $"couldn't get version/kind; json parse error: {problem}";
            return null;
        }
        var decoded = Decoder.Decode(json, T.Schema);
        if (decoded.Value is not { } tree) error = decoded.Error!;
        else if (Kind(Meta.Text(tree, "apiVersion"), Meta.Text(tree, "kind"), kind, versions) is { } wrong) error = wrong;
        else if (decoded.Strict.Count > 0) error = "strict decoding error: " + string.Join(", ", decoded.Strict);
        return error.Length > 0 ? null : ApiJson.Parse<T>(System.Text.Encoding.UTF8.GetBytes(decoded.Value!.ToJsonString()));
    }

    private static string? Kind(string apiVersion, string given, string kind, IReadOnlyList<string> versions)
    {
        if (given.Length == 0) return "Object 'Kind' is missing";
        if (apiVersion.Length == 0) return "Object 'apiVersion' is missing";
        return given == kind && versions.Any(v => apiVersion == $"{Group}/{v}") ? null : $"no kind {GoText.Quote(given)} is registered for version {GoText.Quote(apiVersion)}";
    }

    /// <summary>All errors as one, as upstream's aggregates.</summary>
    public static string Aggregate(FieldErrors errors) => errors.Count == 1 ? errors.All[0].ToString() : $"[{string.Join(", ", errors.All)}]";
}
