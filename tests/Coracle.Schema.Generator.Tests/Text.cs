using System.Text;

namespace Coracle.Schema.Generator.Tests;

/// <summary>Objects as JSON text and back.</summary>
internal static class Text
{
    public static T Read<T>(string json) where T : class, IApiType<T> => ApiJson.Parse<T>(Encoding.UTF8.GetBytes(json));

    public static string Of<T>(T value) where T : class, IApiType<T> => Encoding.UTF8.GetString(ApiJson.ToBytes(value));
}
