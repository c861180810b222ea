namespace Coracle.Node.Containerd;

/// <summary>Names of images. Short ones are completed as Docker does: <c>nginx</c> is <c>docker.io/library/nginx:latest</c>.</summary>
public static class ImageName
{
    public static string Normalize(string name)
    {
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        var first = slash < 0 ? "" : name[..slash];
        var hasRegistry = first.Contains('.', StringComparison.Ordinal) || first.Contains(':', StringComparison.Ordinal) || first == "localhost";
        var full = hasRegistry ? name : $"docker.io/{(slash < 0 ? "library/" : "")}{name}";
        if (full.StartsWith("docker.io/", StringComparison.Ordinal) && full.IndexOf('/', "docker.io/".Length) < 0)
            full = $"docker.io/library/{full["docker.io/".Length..]}";
        return HasTagOrDigest(full) ? full : full + ":latest";
    }

    /// <summary>The tag of a full name; empty when it has a digest alone.</summary>
    public static string TagOf(string name)
    {
        var withoutDigest = name.Split('@')[0];
        var colon = withoutDigest.LastIndexOf(':');
        return colon > withoutDigest.LastIndexOf('/') ? withoutDigest[(colon + 1)..] : "";
    }

    private static bool HasTagOrDigest(string name) => name.Contains('@', StringComparison.Ordinal) || TagOf(name).Length > 0;
}
