using System.Globalization;
using System.Text;

namespace Coracle.ApiServer;

/// <summary>Paths as Go's url and path packages write them, since servers behind a proxy see what it makes of them.</summary>
internal static class GoPath
{
    /// <summary>Two paths in one, cleaned, with the slash at the end of the second (apimachinery, util/net: JoinPreservingTrailingSlash).</summary>
    public static string Join(string first, string second)
    {
        var joined = Clean(first.Length == 0 ? second : second.Length == 0 ? first : $"{first}/{second}");
        return joined.EndsWith('/') || !(second.Length > 0 ? second : first).EndsWith('/') ? joined : joined + "/";
    }

    // Without empty parts, "." and "..".
    private static string Clean(string path)
    {
        if (path.Length == 0) return "";
        var rooted = path[0] == '/';
        var parts = new List<string>();
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == ".") continue;
            if (part != "..") parts.Add(part);
            else if (parts.Count > 0 && parts[^1] != "..") parts.RemoveAt(parts.Count - 1);
            else if (!rooted) parts.Add(part);
        }
        var clean = (rooted ? "/" : "") + string.Join('/', parts);
        return clean.Length == 0 ? "." : clean;
    }

    /// <summary>A decoded path as it is sent.</summary>
    public static string Escape(string path)
    {
        if (!path.AsSpan().ContainsAnyExcept(Plain)) return path;
        var text = new StringBuilder(path.Length + 16);
        foreach (var b in Encoding.UTF8.GetBytes(path))
        {
            if (b < 0x80 && Plain.Contains((char)b)) text.Append((char)b);
            else text.Append('%').Append(b.ToString("X2", CultureInfo.InvariantCulture));
        }
        return text.ToString();
    }

    private static readonly System.Buffers.SearchValues<char> Plain =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~$&+,/:;=@");
}
