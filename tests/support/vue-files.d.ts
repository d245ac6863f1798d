/** Tests read the list of pages; what is in a page is checked where the client is. */
declare module '*.vue' {
  const page: object;
  export default page;
}
