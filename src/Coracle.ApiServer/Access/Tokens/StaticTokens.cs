using System.Security.Cryptography;
using System.Text;

namespace Coracle.ApiServer.Access;

/// <summary>Bearer tokens from a file: lines of "token,user,uid" and, when there are groups, "token,user,uid,\"group1,group2\"".</summary>
public sealed class StaticTokens
{
    // By hash: looking a token up then takes no longer the more of it is right.
    private readonly Dictionary<string, User> _users = [];

    /// <summary>Reads the text of such a file.</summary>
    /// <exception cref="FormatException">A line has fewer than three columns.</exception>
    public static StaticTokens Parse(string csv)
    {
        var tokens = new StaticTokens();
        foreach (var columns in CsvText.Read(csv))
        {
            if (columns.Count < 3)
                throw new FormatException($"A token file must have at least 3 columns (token, user name, user uid), found {columns.Count}.");
            if (columns[0].Length > 0)
                tokens.Add(columns[0], new User { Name = columns[1], Uid = columns[2], Groups = columns.Count > 3 && columns[3].Length > 0 ? columns[3].Split(',') : [] });
        }
        return tokens;
    }

    public void Add(string token, User user) => _users[Hash(token)] = user;

    public TokenOutcome Authenticate(string token) => _users.TryGetValue(Hash(token), out var user) ? new(TokenVerdict.Valid, user) : TokenOutcome.Unknown;

    private static string Hash(string token) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
