namespace Coracle.Kinds.Defaulting;

/// <summary>The policy by which an image is pulled when none is given: Always for the tag "latest", named or implied, else IfNotPresent.</summary>
internal static class ImageTag
{
    internal static string PullPolicy(string image) => Of(image) == "latest" ? "Always" : "IfNotPresent";

    /// <summary>The tag of an image; "latest" when it has neither tag nor digest, "" when it has a digest alone or is not an image's name.</summary>
    internal static string Of(string image)
    {
        var digest = image.IndexOf('@', StringComparison.Ordinal);
        var name = digest < 0 ? image : image[..digest];
        var colon = name.LastIndexOf(':');
        var tagged = colon > name.LastIndexOf('/');
        var repository = tagged ? name[..colon] : name;
        if (!IsRepository(repository)) return "";
        if (tagged) return name[(colon + 1)..];
        return digest < 0 ? "latest" : "";
    }

    // Upper case is allowed in the registry's host alone.
    private static bool IsRepository(string repository)
    {
        var slash = repository.IndexOf('/', StringComparison.Ordinal);
        var path = slash > 0 && IsHost(repository[..slash]) ? repository[(slash + 1)..] : repository;
        return path.Length > 0 && path.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '/' or '.' or '_' or '-');
    }

    private static bool IsHost(string text) => text == "localhost" || text.Any(c => c is '.' or ':' || char.IsAsciiLetterUpper(c));
}
